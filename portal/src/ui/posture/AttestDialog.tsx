import { useState } from 'react';
import { Field, Input, Radio, RadioGroup, Textarea } from '@fluentui/react-components';
import type { Assessment } from '@api/assessments';
import { attest, type Word } from '@api/decisions';
import { useTakeBack } from '@app/usePosture';
import { useSession } from '@app/hooks';
import { t } from '@i18n/t';
import { FormDialog } from '@ui/FormDialog';

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const HALF_A_YEAR = 182;
const MOST = 50;

interface Props {
  one: Assessment;
  /** All that wait for the same answer. */
  waiting: readonly Assessment[];
  title: string;
  onClose: () => void;
}

/** A person's word on what no machine can measure: pass or fail, who says so, why, and until when it holds. */
export function AttestDialog({ one, waiting, title, onClose }: Props) {
  const takeBack = useTakeBack();
  const me = useSession().user.name;
  const [state, setState] = useState<Word['complianceState'] | ''>('');
  const [all, setAll] = useState(false);
  const [owner, setOwner] = useState(me);
  const [until, setUntil] = useState(() => inDays(HALF_A_YEAR));
  const [comments, setComments] = useState('');
  const [evidence, setEvidence] = useState('');
  const alike = waiting.filter((each) => each.assignment === one.assignment && each.reference === one.reference).slice(0, MOST);
  const save = async () => {
    if (state === '') return;
    const on = all ? alike : [one];
    const work = { assignment: one.assignment, reference: one.reference };
    const undo = await attest(on.map((each) => each.resource), work, { complianceState: state, owner: owner.trim(), comments: comments.trim(), evidence: evidence.trim(), until });
    await takeBack(t(state === 'Compliant' ? 'attest.passes' : 'attest.fails', { n: on.length, resource: one.resourceName }), undo);
    onClose();
  };
  return (
    <FormDialog title={t('attest.title', { title })} act={t('attest.do')} ready={state !== '' && owner.trim() !== '' && comments.trim() !== ''} onCancel={onClose} onAct={save}>
      <Field label={t('attest.state')} required>
        <RadioGroup value={state} onChange={(_, data) => setState(data.value as Word['complianceState'])}>
          <Radio value="Compliant" label={t('attest.pass')} />
          <Radio value="NonCompliant" label={t('attest.fail')} />
        </RadioGroup>
      </Field>
      {alike.length > 1 && (
        <Field label={t('attest.on')}>
          <RadioGroup value={all ? 'all' : 'one'} onChange={(_, data) => setAll(data.value === 'all')}>
            <Radio value="one" label={one.resourceName} />
            <Radio value="all" label={t('attest.all', { n: alike.length })} />
          </RadioGroup>
        </Field>
      )}
      <Field label={t('attest.why')} hint={t('attest.whyHint')} required>
        <Textarea value={comments} rows={3} onChange={(_, data) => setComments(data.value)} />
      </Field>
      <Field label={t('attest.evidence')} hint={t('attest.evidenceHint')}>
        <Input value={evidence} onChange={(_, data) => setEvidence(data.value)} />
      </Field>
      <Field label={t('attest.who')} required>
        <Input value={owner} onChange={(_, data) => setOwner(data.value)} />
      </Field>
      <Field label={t('exempt.until')} hint={t('attest.untilHint')}>
        <Input type="date" value={until} onChange={(_, data) => setUntil(data.value)} />
      </Field>
    </FormDialog>
  );
}
