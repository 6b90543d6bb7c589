import { makeStyles } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import type { PolicyObject } from '@api/policies';
import { tallyQuery } from '@api/assessments';
import { useSubscription } from '@app/usePosture';
import { t } from '@i18n/t';
import { StateBar } from '@ui/posture/StateBar';
import { TextLink } from '@ui/TextLink';

const useStyles = makeStyles({ root: { display: 'grid', gap: '4px', marginBottom: '12px' } });

/** How a definition stands where it is assigned, or that it is assigned nowhere. */
export function Standing({ one }: { one: PolicyObject }) {
  const styles = useStyles();
  const { data } = useQuery(tallyQuery(useSubscription()));
  const tally = data?.find((each) => each.name === one.name);
  const judged = one.properties.vedette;
  return (
    <div className={styles.root}>
      {judged?.judgedOnText && <span>{judged.judgedOnText}</span>}
      {judged?.reason && <span>{judged.reason}</span>}
      {data && !tally && <span>{t('policies.notAssigned')}</span>}
      {tally && (
        <>
          <StateBar states={{ healthy: tally.healthy, unhealthy: tally.unhealthy, manual: tally.awaits, notMeasured: tally.notMeasured }} />
          <TextLink to="/recommendations/$id" params={{ id: one.name }}>
            {t('policies.onResources', { unhealthy: tally.unhealthy, all: tally.unhealthy + tally.healthy })}
          </TextLink>
        </>
      )}
    </div>
  );
}
