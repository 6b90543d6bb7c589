import { useState } from 'react';
import { Button, Skeleton, SkeletonItem, makeStyles, mergeClasses } from '@fluentui/react-components';
import { AddRegular, ArrowDownloadRegular } from '@fluentui/react-icons';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { exportAddress, standardControlsQuery, standardsQuery, type Standard } from '@api/compliance';
import { useTitle } from '@app/hooks';
import { useSubscription } from '@app/usePosture';
import { t } from '@i18n/t';
import { Empty, Failure } from '@ui/Empty';
import { PageHead } from '@ui/PageHead';
import { StateBar } from '@ui/posture/StateBar';
import { TextLink } from '@ui/TextLink';
import { tokens } from '@ui/theme';
import { AddStandard } from './parts/AddStandard';
import { ControlRow } from './parts/ControlRow';
import type { ComplianceSearch } from './search';

const useStyles = makeStyles({
  root: { flexGrow: 1, minHeight: 0, display: 'flex', flexDirection: 'column', backgroundColor: tokens.colorNeutralBackground1 },
  split: { flexGrow: 1, minHeight: 0, display: 'grid', gridTemplateColumns: '260px minmax(0, 1fr)', '@media (max-width: 900px)': { gridTemplateColumns: 'minmax(0, 1fr)' } },
  standards: { overflowY: 'auto', borderRight: `1px solid ${tokens.colorNeutralStroke2}`, padding: '8px' },
  standard: {
    display: 'block',
    padding: '8px 10px',
    borderRadius: tokens.borderRadiusMedium,
    color: tokens.colorNeutralForeground1,
    textDecorationLine: 'none',
    ':hover': { backgroundColor: tokens.rowHoverBg },
  },
  on: { backgroundColor: tokens.rowSelBg, color: tokens.rowSelFg, ':hover': { backgroundColor: tokens.rowSelBg } },
  small: { display: 'block', fontSize: tokens.fontSizeBase200, marginBottom: '4px', color: 'inherit' },
  controls: { minWidth: 0, overflowY: 'auto', padding: '4px 0 24px' },
  head: { display: 'flex', alignItems: 'baseline', flexWrap: 'wrap', gap: '12px', padding: '8px 24px' },
  title: { fontSize: tokens.fontSizeBase400, fontWeight: tokens.fontWeightSemibold },
  space: { flexGrow: 1 },
  exports: { display: 'inline-flex', whiteSpace: 'nowrap', marginRight: '-8px' },
});

const route = getRouteApi('/shell/compliance');

/** Never a lone percentage: what passes, fails, waits for a person and was not measured. */
export function counts({ properties: p }: Standard): string {
  const all = p.passedControls + p.failedControls + p.skippedControls + p.unsupportedControls;
  return t('compliance.counts', { passed: p.passedControls, all, failed: p.failedControls, skipped: p.skippedControls, unsupported: p.unsupportedControls });
}

function Standards({ list, current }: { list: Standard[]; current: Standard }) {
  const styles = useStyles();
  return (
    <nav className={styles.standards} aria-label={t('compliance.standards')}>
      {list.map((one) => (
        <TextLink
          key={one.name}
          to="/compliance"
          search={{ standard: one.name }}
          className={mergeClasses(styles.standard, one.name === current.name && styles.on)}
          aria-current={one.name === current.name ? 'page' : undefined}
        >
          {one.properties.displayName}
          <span className={styles.small}>{t('compliance.passing', { passed: one.properties.passedControls, failed: one.properties.failedControls })}</span>
          <StateBar states={{ healthy: one.properties.passedControls, unhealthy: one.properties.failedControls, manual: one.properties.skippedControls, notMeasured: one.properties.unsupportedControls }} />
        </TextLink>
      ))}
    </nav>
  );
}

function Controls({ standard, open, onOpen }: { standard: Standard; open: string | undefined; onOpen: (change: ComplianceSearch) => void }) {
  const styles = useStyles();
  const subscription = useSubscription();
  const { data, error, refetch } = useQuery(standardControlsQuery(subscription, standard.name));
  return (
    <section className={styles.controls} tabIndex={0} aria-label={standard.properties.displayName}>
      <div className={styles.head}>
        <h2 className={styles.title}>{standard.properties.displayName}</h2>
        <span>{counts(standard)}</span>
        <span className={styles.space} />
        <span className={styles.exports}>
          {(['pdf', 'csv'] as const).map((format) => (
            <Button key={format} size="small" appearance="subtle" as="a" href={exportAddress(subscription, standard.name, format)} download={`${standard.name}.${format}`} icon={<ArrowDownloadRegular />}>
              {t('compliance.export', { format: format.toUpperCase() })}
            </Button>
          ))}
        </span>
      </div>
      {error && <Failure title={t('failure.load')} error={error} onRetry={() => void refetch()} />}
      {!data && !error && (
        <Skeleton aria-label={t('waiting')} style={{ padding: '0 24px' }}>
          <SkeletonItem style={{ height: 200 }} />
        </Skeleton>
      )}
      {data?.map((one) => (
        <ControlRow key={one.name} one={one} standard={standard.name} open={open === one.name} onOpen={(name) => onOpen({ control: name })} />
      ))}
    </section>
  );
}

export default function CompliancePage() {
  const styles = useStyles();
  const search = route.useSearch();
  const navigate = useNavigate();
  const [adding, setAdding] = useState(false);
  const { data, error, refetch } = useQuery(standardsQuery(useSubscription()));
  const current = data?.find((one) => one.name === search.standard) ?? [...(data ?? [])].sort((a, b) => b.properties.failedControls - a.properties.failedControls)[0];
  useTitle(current ? `${current.properties.displayName} · ${t('nav.compliance')}` : t('nav.compliance'));
  const patch = (change: ComplianceSearch) => void navigate({ to: '.', search: (old: object) => ({ ...old, ...change }), replace: true });
  return (
    <div className={styles.root}>
      <PageHead title={t('nav.compliance')}>
        <Button size="small" icon={<AddRegular />} onClick={() => setAdding(true)}>
          {t('standard.dots')}
        </Button>
      </PageHead>
      {adding && <AddStandard assigned={data ?? []} onClose={() => setAdding(false)} />}
      {error && <Failure title={t('failure.load')} error={error} onRetry={() => void refetch()} />}
      {!data && !error && (
        <Skeleton aria-label={t('waiting')} style={{ padding: 24 }}>
          <SkeletonItem style={{ height: 320 }} />
        </Skeleton>
      )}
      {data && !current && <Empty text={t('compliance.none')} />}
      {data && current && (
        <div className={styles.split}>
          <Standards list={data} current={current} />
          <Controls standard={current} open={search.control} onOpen={patch} />
        </div>
      )}
    </div>
  );
}
