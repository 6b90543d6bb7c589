import { useState } from 'react';
import { Spinner, makeStyles } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import type { Assessment } from '@api/assessments';
import { detailQuery, findingsBehindQuery } from '@api/fixes';
import { explanationQuery } from '@api/policies';
import { useWorkspace } from '@app/hooks';
import { t } from '@i18n/t';
import { Failure } from '@ui/Empty';
import { Conditions } from '@ui/posture/Conditions';
import { RiskSum } from '@ui/posture/Risk';
import { Section } from '@ui/Section';
import { exact, when } from '@ui/time';
import { tokens } from '@ui/theme';

const SHOWN = 12;
const useStyles = makeStyles({
  why: { gridColumn: '1 / -1', marginTop: '14px', fontSize: tokens.fontSizeBase200, '& summary': { cursor: 'pointer', marginBottom: '4px' } },
  list: { margin: 0, paddingLeft: '18px' },
  small: { fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground2 },
});

/** The rule condition by condition, asked when somebody wants to know. */
export function Explained({ one, name }: { one: Assessment; name: string }) {
  const styles = useStyles();
  const [open, setOpen] = useState(false);
  const { data, error } = useQuery({ ...explanationQuery(useWorkspace(), name, one.resource), enabled: open });
  return (
    <details className={styles.why} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('why.title')}</summary>
      {open && !data && !error && <Spinner size="extra-tiny" label={t('waiting')} />}
      {error && <Failure title={t('failure.load')} error={error} />}
      {data && (data.explanation ? <Conditions one={data.explanation} /> : <span>{data.reason ?? t('posture.noEvidence')}</span>)}
    </details>
  );
}

/** What of the chosen resource makes it worse, what was found on it one by one, and who answers for it. */
export function Why({ one, name }: { one: Assessment; name: string }) {
  const styles = useStyles();
  const unhealthy = one.standing === 'unhealthy';
  const detail = useQuery({ ...detailQuery(one.resource, name), enabled: unhealthy }).data?.properties;
  const behind = useQuery({ ...findingsBehindQuery(one.resource, name), enabled: unhealthy }).data ?? [];
  if (!unhealthy || !detail) return null;
  return (
    <>
      {detail.risk && (
        <Section title={t('risk.of', { resource: one.resourceName })}>
          <RiskSum risk={detail.risk} />
        </Section>
      )}
      {behind.length > 0 && (
        <Section title={t('advice.findings', { n: behind.length })}>
          <ul className={styles.list}>
            {behind.slice(0, SHOWN).map((each) => (
              <li key={each.name}>{each.properties.id}</li>
            ))}
          </ul>
          {behind.length > SHOWN && <span className={styles.small}>{t('advice.findingsMore', { n: behind.length - SHOWN })}</span>}
        </Section>
      )}
      <Section title={t('owner.of')}>
        {detail.governance ? (
          <span title={exact(detail.governance.dueDate)}>
            {t(detail.governance.isOverdue ? 'owner.overdue' : 'owner.until', { owner: detail.governance.owner || t('owner.nobody'), due: when(detail.governance.dueDate) })}
          </span>
        ) : (
          <span>{t('owner.nobodyYet')}</span>
        )}
      </Section>
    </>
  );
}
