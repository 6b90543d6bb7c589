import { useState } from 'react';
import { Button, Field, Select } from '@fluentui/react-components';
import { ShieldDismissRegular, ShieldProhibitedRegular } from '@fluentui/react-icons';
import { useQuery } from '@tanstack/react-query';
import { membersQuery, policiesQuery, type Member, type PolicyObject } from '@api/policies';
import { useSubscription } from '@app/usePosture';
import { t } from '@i18n/t';
import { DenyDialog } from '@ui/posture/DenyDialog';
import { ExemptDialog } from '@ui/posture/ExemptDialog';
import { ScopeField } from '@ui/posture/ScopeField';
import { titleOf } from '../search';

/** The policies of an initiative by their titles; empty when the assignment is of one definition. */
function useMembers(one: PolicyObject): { member: Member; title: string }[] {
  const titles = new Map(useQuery(policiesQuery(useSubscription(), 'definitions')).data?.map((each) => [each.id.toLowerCase(), titleOf(each)]));
  const members = useQuery(membersQuery(one.properties.policyDefinitionId ?? '')).data ?? [];
  return members
    .map((member) => ({ member, title: titles.get(member.definition.toLowerCase()) ?? member.reference }))
    .sort((a, b) => a.title.localeCompare(b.title));
}

function MemberField({ members, any, value, onPick }: { members: { member: Member; title: string }[]; any: string; value: string; onPick: (reference: string) => void }) {
  if (members.length === 0) return null;
  return (
    <Field label={t('policies.member')} required>
      <Select value={value} onChange={(_, data) => onPick(data.value)}>
        <option value="">{any}</option>
        {members.map(({ member, title }) => (
          <option key={member.reference} value={member.reference}>
            {title}
          </option>
        ))}
      </Select>
    </Field>
  );
}

/** What is done to an assignment: leave something out of it, or make one of its policies refuse. */
export function Decide({ one }: { one: PolicyObject }) {
  const [asking, setAsking] = useState<'exempt' | 'deny' | null>(null);
  const [reference, setReference] = useState('');
  const [scope, setScope] = useState('');
  const members = useMembers(one);
  const title = members.find(({ member }) => member.reference === reference)?.title ?? titleOf(one);
  const work = { assignment: one.id, reference };
  const ask = (what: 'exempt' | 'deny') => () => {
    setReference(what === 'deny' ? (members[0]?.member.reference ?? '') : '');
    setScope('');
    setAsking(what);
  };
  const close = () => setAsking(null);
  return (
    <>
      <Button size="small" icon={<ShieldDismissRegular />} onClick={ask('exempt')}>
        {t('exempt.dots')}
      </Button>
      <Button size="small" icon={<ShieldProhibitedRegular />} onClick={ask('deny')}>
        {t('deny.dots')}
      </Button>
      {asking === 'exempt' && (
        <ExemptDialog name={scope.split('/').pop() || t('exempt.something')} scope={scope} work={work} title={title} onClose={close}>
          <ScopeField label={t('exempt.what')} value={scope} resources onPick={setScope} />
          <MemberField members={members} any={t('exempt.allOf')} value={reference} onPick={setReference} />
        </ExemptDialog>
      )}
      {asking === 'deny' && (
        <DenyDialog work={work} title={title} onClose={close}>
          <MemberField members={members} any={t('try.pick')} value={reference} onPick={setReference} />
        </DenyDialog>
      )}
    </>
  );
}
