import { Button, makeStyles } from '@fluentui/react-components';
import type { Score } from '@api/posture';
import { t } from '@i18n/t';
import { Card } from '@ui/Card';
import { TextLink } from '@ui/TextLink';
import { tokens } from '@ui/theme';
import { percent, points } from './words';

const useStyles = makeStyles({
  body: { display: 'flex', flexDirection: 'column', alignItems: 'flex-start', gap: '4px', padding: '4px 16px 14px' },
  big: { fontSize: '40px', lineHeight: '48px', fontWeight: tokens.fontWeightSemibold, fontVariantNumeric: 'tabular-nums' },
  small: { fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground2 },
  what: { marginTop: '8px', display: 'flex', alignItems: 'center', gap: '8px', flexWrap: 'wrap' },
  after: { fontWeight: tokens.fontWeightSemibold, color: tokens.good },
});

interface Props {
  score: Score;
  after: Score | null;
  fixes: number;
  onClear: () => void;
}

/** The figure, what it is made of, and what it would become. */
export function Figure({ score, after, fixes, onClear }: Props) {
  const styles = useStyles();
  return (
    <Card title={t('score.now')} aside={<TextLink to="/compliance">{t('nav.compliance')}</TextLink>}>
      <div className={styles.body}>
        <span className={styles.big}>{score.max === 0 ? '–' : percent(score.percentage)}</span>
        <span className={styles.small}>{score.max === 0 ? t('score.noResources') : t('score.of', { current: points(score.current), max: points(score.max) })}</span>
        {after ? (
          <span className={styles.what}>
            <span className={styles.after}>{t('score.after', { n: fixes, percentage: percent(after.percentage) })}</span>
            <Button size="small" appearance="subtle" onClick={onClear}>
              {t('score.clearPlan')}
            </Button>
          </span>
        ) : (
          <span className={styles.small}>{t('score.planHint')}</span>
        )}
      </div>
    </Card>
  );
}
