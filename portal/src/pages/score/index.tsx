import { useMemo, useState } from 'react';
import { Button, Skeleton, SkeletonItem, makeStyles } from '@fluentui/react-components';
import { ArrowSyncRegular } from '@fluentui/react-icons';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { scoreQuery } from '@api/posture';
import { useTitle } from '@app/hooks';
import { controlOf, useRecommendations, useSubscription } from '@app/usePosture';
import { t } from '@i18n/t';
import { Card } from '@ui/Card';
import { Empty, Failure } from '@ui/Empty';
import { planned } from '@ui/posture/plan';
import { TextLink } from '@ui/TextLink';
import { tokens } from '@ui/theme';
import { Controls } from './parts/Controls';
import { Figure } from './parts/Figure';
import { History } from './parts/History';
import { days, plan } from './search';

const useStyles = makeStyles({
  scroller: { flexGrow: 1, minHeight: 0, overflowY: 'auto' },
  page: { display: 'flex', flexDirection: 'column', gap: '16px', maxWidth: '1680px', padding: '16px 24px 24px' },
  head: { display: 'flex', alignItems: 'baseline', gap: '12px' },
  title: { fontSize: tokens.fontSizeBase600, lineHeight: tokens.lineHeightBase600, fontWeight: tokens.fontWeightSemibold },
  space: { flexGrow: 1 },
  top: { display: 'grid', gridTemplateColumns: 'minmax(280px, 1fr) minmax(0, 2fr)', gap: '16px', '@media (max-width: 1000px)': { gridTemplateColumns: 'minmax(0, 1fr)' } },
});

const route = getRouteApi('/shell/score');

export default function ScorePage() {
  const styles = useStyles();
  const search = route.useSearch();
  const navigate = useNavigate();
  const score = useQuery(scoreQuery(useSubscription()));
  const all = useRecommendations();
  const [open, setOpen] = useState<string | null>(search.control ?? null);
  const chosen = useMemo(() => plan(search), [search]);
  const after = useMemo(
    () => (all.controls && all.findings ? planned(all.controls, all.findings, controlOf(all.advice), chosen) : null),
    [all.controls, all.findings, all.advice, chosen],
  );
  useTitle(t('nav.score'));
  const patch = (change: object) => void navigate({ to: '.', search: (old: object) => ({ ...old, ...change }), replace: true });
  const toggle = (name: string) => {
    const next = new Set(chosen);
    if (!next.delete(name)) next.add(name);
    patch({ plan: [...next].join(',') || undefined });
  };
  const onOpen = (name: string | null) => {
    setOpen(name);
    patch({ control: name ?? undefined });
  };
  const error = score.error ?? all.error;
  return (
    <div className={styles.scroller} tabIndex={0} role="region" aria-label={t('nav.score')}>
      <div className={styles.page}>
        <div className={styles.head}>
          <h1 className={styles.title}>{t('nav.score')}</h1>
          <span className={styles.space} />
          <Button size="small" appearance="subtle" icon={<ArrowSyncRegular />} onClick={() => void Promise.all([score.refetch(), all.refetch()])}>
            {t('action.refresh')}
          </Button>
        </div>
        {error && <Failure title={t('failure.load')} error={error} onRetry={all.refetch} />}
        {(score.isPending || all.pending) && !error && (
          <Skeleton aria-label={t('waiting')}>
            <SkeletonItem style={{ height: 320 }} />
          </Skeleton>
        )}
        {score.data && all.controls && !error && (
          <>
            <div className={styles.top}>
              <Figure score={score.data} after={chosen.size > 0 ? after : null} fixes={chosen.size} onClear={() => patch({ plan: undefined })} />
              <History days={days(search)} onDays={(n) => patch({ days: n === 30 ? undefined : n })} />
            </div>
            <Card title={t('score.controls')} ruled aside={<TextLink to="/recommendations">{t('nav.recommendations')}</TextLink>}>
              {all.controls.length === 0 ? (
                <Empty text={t('score.none')} />
              ) : (
                <Controls
                  controls={all.controls}
                  recommendations={all.list}
                  after={chosen.size > 0 ? after : null}
                  chosen={chosen}
                  open={open}
                  onOpen={onOpen}
                  onToggle={toggle}
                />
              )}
            </Card>
          </>
        )}
      </div>
    </div>
  );
}
