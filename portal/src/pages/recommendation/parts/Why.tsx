import { makeStyles } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import type { Assessment } from '@api/assessments';
import { detailQuery, findingsBehindQuery } from '@api/fixes';
import { t } from '@i18n/t';
import { RiskSum } from '@ui/posture/Risk';
import { Section } from '@ui/Section';
import { exact, when } from '@ui/time';
import { tokens } from '@ui/theme';

const SHOWN = 12;
const useStyles = makeStyles({
  list: { margin: 0, paddingLeft: '18px' },
  small: { fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground2 },
});

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
