import type { ReactNode } from 'react';
import { MessageBar, MessageBarBody, Spinner, makeStyles } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { assignmentQuery, canDeny, effectQuery, overridden, refusalsQuery, setEffect, type AtWork, type Override, type Refusals } from '@api/decisions';
import { useSubscription, useTakeBack } from '@app/usePosture';
import { t } from '@i18n/t';
import { Failure } from '@ui/Empty';
import { FormDialog } from '@ui/FormDialog';
import { tokens } from '@ui/theme';
import { exact, when } from '@ui/time';
import { evidenceText } from './Evidence';

const SHOWN = 8;
const useStyles = makeStyles({
  list: { margin: 0, padding: 0, listStyleType: 'none', borderTop: `1px solid ${tokens.colorNeutralStroke3}` },
  item: { display: 'grid', gridTemplateColumns: '110px minmax(0, 1fr) minmax(0, 1fr)', columnGap: '12px', padding: '5px 0', borderBottom: `1px solid ${tokens.colorNeutralStroke3}`, fontSize: tokens.fontSizeBase200, overflowWrap: 'anywhere' },
  found: { fontFamily: tokens.fontMono },
  small: { fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground2 },
});

const nameOf = (id: string) => id.split('/').pop() ?? id;

function Refused({ refusals }: { refusals: Refusals }) {
  const styles = useStyles();
  return (
    <div>
      <p>{t('deny.wouldHave', { n: refusals.count })}</p>
      <ul className={styles.list} aria-label={t('deny.list')}>
        {refusals.list.slice(0, SHOWN).map((one, index) => (
          <li key={`${one.time} ${index}`} className={styles.item}>
            <span title={exact(one.time)}>{when(one.time)}</span>
            <span title={one.resource}>{nameOf(one.resource)}</span>
            <span className={styles.found}>{evidenceText(one.evidence)}</span>
          </li>
        ))}
      </ul>
      {refusals.count > SHOWN && <span className={styles.small}>{t('advice.findingsMore', { n: refusals.count - SHOWN })}</span>}
    </div>
  );
}

interface Props {
  work: AtWork;
  title: string;
  /** Fields with which the policy is chosen, where the assignment holds several. */
  children?: ReactNode;
  onClose: () => void;
}

/** Makes a policy refuse what it minds, after showing what that would have been; or only report again. */
export function DenyDialog({ work, title, children, onClose }: Props) {
  const takeBack = useTakeBack();
  const scope = `/subscriptions/${useSubscription()}`;
  const assignment = useQuery(assignmentQuery(work.assignment));
  const effect = useQuery(effectQuery(scope, work));
  const refusals = useQuery(refusalsQuery(scope, work));
  const one = assignment.data?.properties;
  const now = overridden(one?.['overrides'] as Override[] | undefined, work.reference)?.toLowerCase() ?? effect.data ?? '';
  const looksOnly = one?.enforcementMode === 'DoNotEnforce';
  const denies = now === 'deny' && !looksOnly;
  const error = assignment.error ?? effect.error ?? refusals.error;
  const pending = !error && !(assignment.data && refusals.data && effect.isFetched);
  const unable = !pending && !error && !canDeny(now);
  const save = async () => {
    if (!assignment.data) return;
    const undo = await setEffect(assignment.data, work.reference, denies ? 'audit' : 'deny');
    await takeBack(t(denies ? 'deny.stopped' : 'deny.done', { title }), undo);
    onClose();
  };
  return (
    <FormDialog title={t(denies ? 'deny.stopTitle' : 'deny.title', { title })} act={t(denies ? 'deny.stop' : 'deny.do')} ready={!pending && !error && !unable} width={640} onCancel={onClose} onAct={save}>
      {children}
      {pending && <Spinner size="small" label={t('waiting')} />}
      {error && <Failure title={t('failure.load')} error={error} />}
      {unable && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody>{now === '' ? t('deny.judgesNothing') : t('deny.unable', { effect: now })}</MessageBarBody>
        </MessageBar>
      )}
      {!pending && !error && !unable && (
        <>
          <p>{t(denies ? 'deny.stopWhat' : 'deny.what')}</p>
          {looksOnly && (
            <MessageBar intent="warning" layout="multiline">
              <MessageBarBody>{t('deny.looksOnly')}</MessageBarBody>
            </MessageBar>
          )}
          {refusals.data && !denies && <Refused refusals={refusals.data} />}
        </>
      )}
    </FormDialog>
  );
}
