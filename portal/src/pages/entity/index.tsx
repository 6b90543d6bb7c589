import { useState } from 'react';
import { Button, Skeleton, SkeletonItem, Spinner, makeStyles } from '@fluentui/react-components';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { entityPageQuery, exploreQuery, partMerge, spanAround, type EntityPage, type Exploration } from '@api/investigate';
import { useTitle, useWorkspace } from '@app/hooks';
import { useNotify } from '@app/Notify';
import { t } from '@i18n/t';
import { Failure, failureText } from '@ui/Empty';
import { EntityIcon, kindWord } from '@ui/Entity';
import { entityFacts } from '@ui/entities';
import { Rows } from '@ui/Rows';
import { Section } from '@ui/Section';
import { Severity } from '@ui/Severity';
import { TextLink } from '@ui/TextLink';
import { When } from '@ui/Time';
import { tokens } from '@ui/theme';

const useStyles = makeStyles({
  page: { flexGrow: 1, minHeight: 0, overflowY: 'auto', padding: '16px 24px 40px', backgroundColor: tokens.colorNeutralBackground1 },
  head: { display: 'flex', alignItems: 'center', gap: '10px' },
  icon: { fontSize: '24px' },
  title: { fontSize: tokens.fontSizeBase500, lineHeight: tokens.lineHeightBase500, fontWeight: tokens.fontWeightSemibold, overflowWrap: 'anywhere' },
  note: { color: tokens.colorNeutralForeground2 },
  body: { display: 'grid', gridTemplateColumns: 'minmax(280px, 1fr) minmax(0, 2fr)', columnGap: '40px' },
  facts: { display: 'grid', gridTemplateColumns: 'auto minmax(0, 1fr)', columnGap: '16px', rowGap: '3px', fontSize: tokens.fontSizeBase200 },
  value: { overflowWrap: 'anywhere', fontFamily: tokens.fontMono },
  item: { padding: '6px 0', borderBottom: `1px solid ${tokens.colorNeutralStroke3}` },
  ask: { display: 'flex', flexWrap: 'wrap', gap: '6px' },
  score: { fontSize: tokens.fontSizeBase600, lineHeight: tokens.lineHeightBase600, fontWeight: tokens.fontWeightSemibold, fontVariantNumeric: 'tabular-nums' },
  table: { borderCollapse: 'collapse', fontSize: tokens.fontSizeBase200, width: '100%' },
  cell: { textAlign: 'left', padding: '3px 10px 3px 0', borderBottom: `1px solid ${tokens.colorNeutralStroke3}`, fontVariantNumeric: 'tabular-nums' },
});

const route = getRouteApi('/shell/entities/$id');
const round = (n: number) => n.toFixed(2).replace(/\.?0+$/, '');

function Risk({ page }: { page: EntityPage }) {
  const styles = useStyles();
  return (
    <Section title={t('entity.risk')}>
      <p className={styles.score}>{round(page.risk.score)}</p>
      {page.risk.terms.length > 0 && (
        <table className={styles.table}>
          <thead>
            <tr>
              {(['column.alert', 'risk.points', 'risk.decay', 'risk.factor', 'risk.product'] as const).map((key) => (
                <th key={key} className={styles.cell} scope="col">
                  {t(key)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {page.risk.terms.slice(0, 20).map((term) => (
              <tr key={term.alert}>
                <td className={styles.cell}>{term.title}</td>
                <td className={styles.cell}>{round(term.points)}</td>
                <td className={styles.cell}>{round(term.decay)}</td>
                <td className={styles.cell}>{round(term.factor)}</td>
                <td className={styles.cell}>{round(term.product)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  );
}

function Merges({ page, id }: { page: EntityPage; id: string }) {
  const styles = useStyles();
  const ws = useWorkspace();
  const client = useQueryClient();
  const { notify } = useNotify();
  const part = async (merge: number) => {
    try {
      await partMerge(ws, merge);
      await client.invalidateQueries({ queryKey: entityPageQuery(ws, id).queryKey });
    } catch (failure) {
      notify({ text: failureText(failure), intent: 'error' });
    }
  };
  if (page.merges.length === 0) return null;
  return (
    <Section title={t('entity.merges')}>
      <ul>
        {page.merges.map((merge) => (
          <li key={merge.id} className={styles.item}>
            {merge.reason} {merge.undone ? <span className={styles.note}>{t('entity.parted', { who: merge.undoneBy ?? '' })}</span> : <Button size="small" onClick={() => void part(merge.id)}>{t('entity.part')}</Button>}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Ask({ page, id }: { page: EntityPage; id: string }) {
  const styles = useStyles();
  const ws = useWorkspace();
  const client = useQueryClient();
  const { notify } = useNotify();
  const [busy, setBusy] = useState('');
  const [result, setResult] = useState<Exploration | null>(null);
  const ask = async (question: string) => {
    setBusy(question);
    try {
      setResult(await client.fetchQuery(exploreQuery(ws, id, question, spanAround(page.firstSeen, page.lastSeen))));
    } catch (failure) {
      notify({ text: failureText(failure), intent: 'error' });
    }
    setBusy('');
  };
  return (
    <Section title={t('entity.ask')}>
      <div className={styles.ask}>
        {page.queries.map((one) => (
          <Button key={one.id} size="small" title={one.description} icon={busy === one.id ? <Spinner size="tiny" /> : undefined} onClick={() => void ask(one.id)}>
            {one.title}
          </Button>
        ))}
      </div>
      {result && (
        <div>
          <h3>{result.title}</h3>
          <Rows result={result} />
          <ul>
            {result.entities.map((entity) => (
              <li key={entity.name}>
                <TextLink to="/entities/$id" params={{ id: entity.name ?? '' }}>
                  {String(entity.properties['friendlyName'] ?? entity.name)}
                </TextLink>
              </li>
            ))}
          </ul>
        </div>
      )}
    </Section>
  );
}

/** All about a thing: what it is, why it is worrying, where it appeared, what may be asked. */
export default function EntityPageView() {
  const styles = useStyles();
  const ws = useWorkspace();
  const { id } = route.useParams();
  const { data, error, refetch } = useQuery(entityPageQuery(ws, id));
  useTitle(data?.label ?? t('entity.title'));
  if (error) return <Failure title={t('failure.load')} error={error} onRetry={() => void refetch()} />;
  if (!data) {
    return (
      <Skeleton aria-label={t('waiting')} style={{ padding: 24 }}>
        <SkeletonItem style={{ height: 28, width: 420 }} />
      </Skeleton>
    );
  }
  return (
    <div className={styles.page} key={id}>
      <div className={styles.head}>
        <EntityIcon kind={data.entity.kind} className={styles.icon} />
        <h1 className={styles.title}>{data.label}</h1>
        <span className={styles.note}>{kindWord(data.entity.kind)}</span>
      </div>
      <div className={styles.body}>
        <div>
          <Section title={t('entity.facts')}>
            <dl className={styles.facts}>
              {[...entityFacts(data.entity), ...data.names.map((name) => [t('entity.name'), name] as const)].map(([name, value], index) => [
                <dt key={`${index} name`}>{name}</dt>,
                <dd key={`${index} value`} className={styles.value}>
                  {value}
                </dd>,
              ])}
            </dl>
          </Section>
          <Risk page={data} />
          <Merges page={data} id={id} />
        </div>
        <div>
          <Section title={t('entity.incidents')}>
            <ul>
              {data.incidents.map((one) => (
                <li key={one.name} className={styles.item}>
                  <Severity value={one.properties.severity} word={false} />{' '}
                  <TextLink to="/incidents/$number" params={{ number: String(one.properties.incidentNumber) }}>
                    {`${one.properties.incidentNumber} ${one.properties.title}`}
                  </TextLink>{' '}
                  <When iso={one.properties.lastActivityTimeUtc} />
                </li>
              ))}
            </ul>
          </Section>
          <Ask page={data} id={id} />
        </div>
      </div>
    </div>
  );
}
