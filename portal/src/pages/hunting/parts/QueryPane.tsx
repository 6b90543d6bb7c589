import { Button, MessageBar, MessageBarBody, makeStyles } from '@fluentui/react-components';
import { DocumentSearchRegular, LiveRegular } from '@fluentui/react-icons';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { huntResultQuery, type HuntingQuery } from '@api/hunting';
import { useWorkspace } from '@app/hooks';
import { t } from '@i18n/t';
import { Failure } from '@ui/Empty';
import { PaneTop } from '@ui/PaneTop';
import { ResultRows } from '@ui/ResultRows';
import { Section } from '@ui/Section';
import { SidePane } from '@ui/SidePane';
import { tacticWord } from '@ui/tactics';
import { tokens } from '@ui/theme';
import { milliseconds, when } from '@ui/time';

const useStyles = makeStyles({
  note: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200, overflowWrap: 'anywhere' },
  kql: { margin: 0, padding: '10px 12px', maxHeight: '240px', overflow: 'auto', fontFamily: tokens.fontMono, fontSize: tokens.fontSizeBase200, whiteSpace: 'pre-wrap', border: `1px solid ${tokens.colorNeutralStroke2}`, borderRadius: tokens.borderRadiusMedium, backgroundColor: tokens.colorNeutralBackground2 },
});

function Found({ one }: { one: HuntingQuery }) {
  const styles = useStyles();
  const { latest } = one;
  const { data, error, refetch } = useQuery({ ...huntResultQuery(useWorkspace(), one.id, latest?.round ?? 0), enabled: latest !== null && latest.error === '' && latest.count > 0 });
  if (latest === null) return <p className={styles.note}>{t('hunt.neverRun')}</p>;
  if (latest.error !== '') {
    return (
      <MessageBar intent="error" layout="multiline">
        <MessageBarBody>{latest.error}</MessageBarBody>
      </MessageBar>
    );
  }
  if (error) return <Failure title={t('failure.load')} error={error} onRetry={() => void refetch()} />;
  return (
    <>
      <p className={styles.note}>{t('hunt.result', { n: latest.count, fresh: latest.previous === null ? 0 : latest.new, time: milliseconds(latest.tookMs), when: when(latest.time) })}</p>
      {data && data.rows.length > 0 && <ResultRows set={data} query={one.query} label={one.title} height="360px" tactics={one.tactics} techniques={one.techniques} />}
    </>
  );
}

interface QueryPaneProps {
  one: HuntingQuery;
  onStep: (by: number) => void;
  onLive: () => void;
  onDismiss: () => void;
}

/** One query: what it is for, what its last run found, each row of it to be kept. */
export function QueryPane({ one, onStep, onLive, onDismiss }: QueryPaneProps) {
  const styles = useStyles();
  const navigate = useNavigate();
  const open = () => void navigate({ to: '/logs', search: { text: one.query, run: '1', t: '30d' } });
  const footer = (
    <>
      <Button appearance="primary" icon={<DocumentSearchRegular />} onClick={open}>
        {t('rows.openLogs')}
      </Button>
      <Button icon={<LiveRegular />} onClick={onLive}>
        {t('hunt.goLive')}
      </Button>
    </>
  );
  return (
    <SidePane label={t('hunt.query')} footer={footer}>
      <PaneTop kind={one.source === 'saved' ? t('hunt.saved') : t('hunt.shipped')} title={one.title} onStep={onStep} onOpen={open} onDismiss={onDismiss} />
      <p>{one.description}</p>
      <p className={styles.note}>{[...one.tactics.map(tacticWord), ...one.techniques].join(' · ')}</p>
      <Section title={t('hunt.found')}>
        <Found one={one} />
      </Section>
      <Section title="KQL">
        <pre className={styles.kql} tabIndex={0} aria-label="KQL">{one.query}</pre>
      </Section>
    </SidePane>
  );
}
