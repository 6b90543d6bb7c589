import { useEffect, useState } from 'react';
import { Field, Select, Spinner, makeStyles } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import type { Assessment } from '@api/assessments';
import { inventoryQuery } from '@api/inventory';
import { tryQuery, type Tried, type Tryable } from '@api/policies';
import { useWorkspace } from '@app/hooks';
import { useSubscription } from '@app/usePosture';
import { t, type MessageKey } from '@i18n/t';
import { Failure } from '@ui/Empty';
import { Conditions } from '@ui/posture/Conditions';
import { EvidenceList } from '@ui/posture/Evidence';
import { Section } from '@ui/Section';
import { tokens } from '@ui/theme';

const useStyles = makeStyles({
  root: { display: 'grid', gap: '6px', marginBottom: '10px' },
  small: { fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground2 },
});

const STATES = new Set(['Compliant', 'NonCompliant', 'NotMeasured', 'Unknown', 'NotApplicable', 'Exempt']);
const word = (state: string) => (STATES.has(state) ? t(`try.${state}` as MessageKey) : state);

function Verdict({ tried }: { tried: Tried }) {
  const one = tried.resource;
  if (!one) return null;
  if (!one.concerned) {
    return (
      <>
        <strong>{t('try.unconcerned')}</strong>
        {one.explanation && <Conditions one={one.explanation} />}
      </>
    );
  }
  const proof: Assessment = { name: '', resource: one.id, resourceName: '', resourceType: '', standing: 'unhealthy', reason: one.reason ?? '', since: '', assignment: '', reference: '', evidence: one.evidence ?? null };
  return (
    <>
      <strong>
        {word(one.complianceState ?? '')}
        {one.complianceState === 'NonCompliant' && one.effect ? ` → ${one.effect}` : ''}
      </strong>
      {one.explanation ? <Conditions one={one.explanation} /> : (one.evidence ?? one.reason) && <EvidenceList one={proof} />}
    </>
  );
}

/** What a definition says of a resource, and of everything that it concerns, wherever it is assigned. */
export function TryOn({ what, onRefused }: { what: Tryable; onRefused?: (error: unknown) => void }) {
  const styles = useStyles();
  const ws = useWorkspace();
  const resources = useQuery(inventoryQuery(useSubscription())).data ?? [];
  const [resource, setResource] = useState('');
  const { data, error, isFetching } = useQuery(tryQuery(ws, what, resource));
  useEffect(() => onRefused?.(error), [error, onRefused]);
  const all = data?.everything;
  return (
    <Section title={t('try.title')} aside={isFetching ? <Spinner size="extra-tiny" aria-label={t('waiting')} /> : null}>
      <div className={styles.root}>
        <Field label={t('posture.resource')}>
          <Select size="small" value={resource} onChange={(_, picked) => setResource(picked.value)}>
            <option value="">{t('try.pick')}</option>
            {resources.map((each) => (
              <option key={each.id} value={each.id}>
                {each.name}
              </option>
            ))}
          </Select>
        </Field>
        {error && !onRefused && <Failure title={t('failure.load')} error={error} />}
        {data && <Verdict tried={data} />}
        {all && <span className={styles.small}>{t('try.everything', { all: all.resources, unhealthy: all.unhealthy, healthy: all.healthy, notMeasured: all.notMeasured })}</span>}
      </div>
    </Section>
  );
}
