import { Badge } from '@fluentui/react-components';
import { WrenchRegular } from '@fluentui/react-icons';
import type { Recommendation } from '@app/usePosture';
import { t } from '@i18n/t';
import { Risk, factorWord, riskAt } from '@ui/posture/Risk';
import { StateBar } from '@ui/posture/StateBar';
import { Severity } from '@ui/Severity';
import type { TableColumn } from '@ui/Table';
import { age, exact } from '@ui/time';

const points = (value: number) => (value < 0.005 ? '–' : `+${value.toFixed(value < 0.1 ? 2 : 1)}`);

/** The factors of a tally in words, each once. */
export function factorWords(factors: string): string {
  return [...new Set(factors.match(/[A-Za-z]+/g) ?? [])].map(factorWord).join(', ');
}

/** Narrow (the pane is open): what the pane does not show is enough. */
export function recommendationColumns(narrow: boolean, now: number): TableColumn<Recommendation>[] {
  const columns: (TableColumn<Recommendation> | null)[] = [
    {
      id: 'severity',
      header: narrow ? '' : t('column.severity'),
      label: t('column.severity'),
      width: narrow ? '30px' : '110px',
      sortable: !narrow,
      cell: (one) => <Severity value={one.advice.severity} word={!narrow} />,
    },
    narrow ? null : { id: 'risk', header: t('risk.level'), label: t('risk.level'), width: '130px', sortable: true, cell: ({ tally }) => <Risk level={riskAt(tally.risk)} />, title: ({ tally }) => factorWords(tally.factors) },
    {
      id: 'title',
      header: t('advice.title'),
      label: t('advice.title'),
      width: 'minmax(220px, 1fr)',
      sortable: true,
      cell: (one) => one.advice.title,
      title: (one) => one.advice.title,
    },
    {
      id: 'resources',
      header: t('posture.resources'),
      label: t('posture.resources'),
      width: narrow ? '90px' : '190px',
      sortable: true,
      cell: ({ tally }) =>
        narrow ? (
          t('posture.unhealthyOf', { unhealthy: tally.unhealthy, all: tally.unhealthy + tally.healthy })
        ) : (
          <span style={{ display: 'grid', gridTemplateColumns: '70px 1fr', alignItems: 'center', gap: '8px' }}>
            {t('posture.unhealthyOf', { unhealthy: tally.unhealthy, all: tally.unhealthy + tally.healthy })}
            <StateBar states={{ healthy: tally.healthy, unhealthy: tally.unhealthy, manual: tally.awaits, notMeasured: tally.notMeasured }} />
          </span>
        ),
    },
    {
      id: 'gain',
      header: t('score.potential'),
      label: t('score.potential'),
      width: '72px',
      align: 'right',
      sortable: true,
      cell: (one) => points(one.gain),
    },
    narrow
      ? null
      : { id: 'control', header: t('score.control'), label: t('score.control'), width: 'minmax(100px, 190px)', cell: (one) => one.advice.control ?? '–', title: (one) => one.advice.control ?? undefined },
    narrow
      ? null
      : {
          id: 'insight',
          header: t('advice.insight'),
          label: t('advice.insight'),
          width: '84px',
          cell: (one) =>
            one.advice.hasFix && (
              <Badge appearance="outline" icon={<WrenchRegular />}>
                {t('advice.fix')}
              </Badge>
            ),
        },
    {
      id: 'changed',
      header: t('advice.changed'),
      label: t('advice.changed'),
      width: '84px',
      align: 'right',
      sortable: true,
      cell: (one) => age(one.tally.changed, now),
      title: (one) => exact(one.tally.changed),
    },
  ];
  return columns.filter((one) => one !== null);
}
