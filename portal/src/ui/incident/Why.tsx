import { makeStyles } from '@fluentui/react-components';
import type { Alert, Incident } from '@api/types';
import { t } from '@i18n/t';
import { SEVERITY_COLOR } from '../Severity';
import { tokens } from '../theme';
import { byTime } from './Story';

const useStyles = makeStyles({
  box: {
    padding: '10px 12px',
    borderLeft: '3px solid',
    borderRadius: tokens.borderRadiusSmall,
    backgroundColor: tokens.colorNeutralBackground2,
    color: tokens.colorNeutralForeground1,
    overflowWrap: 'anywhere',
  },
});

/** Why it matters, in the words of the rules: the incident's own description, else the gravest alert's. */
export function whyText(incident: Incident, alerts: readonly Alert[] | undefined): string {
  const own = incident.properties.description?.trim();
  if (own) return own;
  const rank = ['High', 'Medium', 'Low', 'Informational'];
  const gravest = byTime(alerts ?? []).sort((a, b) => rank.indexOf(a.properties.severity) - rank.indexOf(b.properties.severity))[0];
  return gravest?.properties.description?.trim() || t('why.none');
}

export function Why({ incident, alerts }: { incident: Incident; alerts: readonly Alert[] | undefined }) {
  const styles = useStyles();
  return (
    <div className={styles.box} style={{ borderLeftColor: SEVERITY_COLOR[incident.properties.severity] }}>
      {whyText(incident, alerts)}
    </div>
  );
}
