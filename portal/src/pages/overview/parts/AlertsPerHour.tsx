import { Button, makeStyles } from '@fluentui/react-components';
import { useState } from 'react';
import type { Overview } from '@api/types';
import { t } from '@i18n/t';
import { Bars, severityStack } from '@ui/Bars';
import { Card } from '@ui/Card';
import { tokens } from '@ui/theme';
import { when } from '@ui/time';

const useStyles = makeStyles({
  body: { padding: '8px 16px 14px' },
  legend: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', columnGap: '14px' },
  key: { display: 'inline-flex', alignItems: 'center', gap: '6px' },
  square: { width: '9px', height: '9px', borderRadius: '2px' },
  table: { width: '100%', borderCollapse: 'collapse', fontSize: tokens.fontSizeBase200, fontVariantNumeric: 'tabular-nums' },
  cell: { textAlign: 'right', padding: '3px 8px', borderBottom: `1px solid ${tokens.colorNeutralStroke3}` },
});

const KEYS = [
  ['severity.High', tokens.barHigh],
  ['severity.Medium', tokens.barMedium],
  ['severity.Low', tokens.barLow],
  ['severity.short', tokens.barInformational],
] as const;

function AsTable({ hours }: { hours: Overview['alertsPerHour'] }) {
  const styles = useStyles();
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          {[t('bars.time'), ...KEYS.map(([key]) => t(key))].map((head) => (
            <th key={head} className={styles.cell} scope="col">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {hours.map((hour) => (
          <tr key={hour.hour}>
            {[when(hour.hour), hour.high, hour.medium, hour.low, hour.informational].map((value, index) => (
              <td key={index} className={styles.cell}>
                {value}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function AlertsPerHour({ data }: { data: Overview }) {
  const styles = useStyles();
  const [table, setTable] = useState(false);
  const hours = data.alertsPerHour;
  const total = hours.reduce((sum, hour) => sum + hour.high + hour.medium + hour.low + hour.informational, 0);
  const high = hours.reduce((sum, hour) => sum + hour.high, 0);
  const legend = (
    <span className={styles.legend}>
      {KEYS.map(([key, color]) => (
        <span key={key} className={styles.key}>
          <span className={styles.square} style={{ backgroundColor: color }} aria-hidden="true" />
          {t(key)}
        </span>
      ))}
      <Button size="small" appearance="subtle" onClick={() => setTable(!table)} aria-pressed={table}>
        {t('bars.table')}
      </Button>
    </span>
  );
  return (
    <Card title={t('overview.alertsPerHour')} aside={legend}>
      <div className={styles.body}>
        {table ? (
          <AsTable hours={hours} />
        ) : (
          <Bars
            stacks={hours.map((hour) => severityStack(hour.hour, when(hour.hour).slice(-5), hour))}
            sentence={t('bars.sentence', { n: total, high })}
            width={720}
            height={168}
            labelEvery={4}
          />
        )}
      </div>
    </Card>
  );
}
