import { useState, type ReactElement } from 'react';
import { Button } from '@fluentui/react-components';
import { PersonFeedbackRegular, PersonRegular, ShieldDismissRegular, ShieldProhibitedRegular, WrenchRegular } from '@fluentui/react-icons';
import type { Assessment, Standing } from '@api/assessments';
import type { Advice } from '@api/posture';
import { t, type MessageKey } from '@i18n/t';
import { AttestDialog } from '@ui/posture/AttestDialog';
import { DenyDialog } from '@ui/posture/DenyDialog';
import { ExemptDialog } from '@ui/posture/ExemptDialog';
import { FixDialog } from './FixDialog';
import { OwnerDialog } from './OwnerDialog';

const ACTS = ['fix', 'attest', 'owner', 'exempt', 'deny'] as const;
type Act = (typeof ACTS)[number];
const BUTTON: Record<Act, { icon: ReactElement; label: MessageKey }> = {
  fix: { icon: <WrenchRegular />, label: 'fix.dots' },
  attest: { icon: <PersonFeedbackRegular />, label: 'attest.dots' },
  owner: { icon: <PersonRegular />, label: 'owner.dots' },
  exempt: { icon: <ShieldDismissRegular />, label: 'exempt.dots' },
  deny: { icon: <ShieldProhibitedRegular />, label: 'deny.dots' },
};

/** What this recommendation knows to do at all: a fix where content has one, a word where nobody can measure. */
const fits: Record<Act, (advice: Advice) => boolean> = {
  fix: (advice) => advice.hasFix,
  attest: (advice) => advice.judgedOn === 'attestation',
  owner: () => true,
  exempt: () => true,
  deny: (advice) => advice.judgedOn === 'resource' || advice.judgedOn === 'host',
};

/** Why it cannot be done to what is chosen; null when it can. */
function hindrance(act: Act, tab: Standing, current: Assessment | null): string | null {
  if (!current) return t('advice.noResource');
  if ((act === 'fix' || act === 'owner') && tab !== 'unhealthy') return t('advice.onlyUnhealthy');
  return act === 'exempt' && tab === 'exempt' ? t('advice.isExempt') : null;
}

/** All that may be done about a recommendation, on the chosen resource. */
export function Acts({ advice, tab, rows, current }: { advice: Advice; tab: Standing; rows: Assessment[]; current: Assessment | null }) {
  const [asking, setAsking] = useState<{ act: Act; one: Assessment } | null>(null);
  const close = () => setAsking(null);
  const acts = ACTS.filter((act) => fits[act](advice));
  const work = asking && { assignment: asking.one.assignment, reference: asking.one.reference };
  return (
    <>
      {acts.map((act) => {
        const why = hindrance(act, tab, current);
        return (
          <Button
            key={act}
            size="small"
            appearance={act === 'fix' || act === 'attest' ? 'primary' : 'secondary'}
            icon={BUTTON[act].icon}
            disabledFocusable={why !== null}
            title={why ?? undefined}
            onClick={() => current && setAsking({ act, one: current })}
          >
            {t(BUTTON[act].label)}
          </Button>
        );
      })}
      {asking && work && asking.act === 'exempt' && <ExemptDialog name={asking.one.resourceName} scope={asking.one.resource} work={work} title={advice.title} onClose={close} />}
      {asking && work && asking.act === 'deny' && <DenyDialog work={work} title={advice.title} onClose={close} />}
      {asking?.act === 'attest' && <AttestDialog one={asking.one} waiting={rows} title={advice.title} onClose={close} />}
      {asking?.act === 'owner' && <OwnerDialog one={asking.one} name={advice.id} onClose={close} />}
      {asking?.act === 'fix' && <FixDialog advice={advice.id} title={advice.title} rows={rows} first={asking.one.resource} onClose={close} />}
    </>
  );
}
