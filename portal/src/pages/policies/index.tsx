import { useMemo, useState } from 'react';
import { Button, Tab, TabList, Tooltip, makeStyles } from '@fluentui/react-components';
import { DismissRegular, PlayRegular } from '@fluentui/react-icons';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { KINDS, policiesQuery, type PolicyKind, type PolicyObject } from '@api/policies';
import { adviceQuery } from '@api/posture';
import { useTitle } from '@app/hooks';
import { ROW_HEIGHT, usePrefs } from '@app/prefs';
import { useSubscription } from '@app/usePosture';
import { t, type MessageKey } from '@i18n/t';
import { Empty, Failure } from '@ui/Empty';
import { JsonTree } from '@ui/JsonTree';
import { FindBox } from '@ui/FindBox';
import { PageHead } from '@ui/PageHead';
import { SidePane } from '@ui/SidePane';
import { Table } from '@ui/Table';
import { tokens } from '@ui/theme';
import { AssignDialog } from './parts/AssignDialog';
import { policyColumns } from './parts/columns';
import { Standing } from './parts/Standing';
import { TryOn } from './parts/TryOn';
import { kindOf, select, titleOf, type PoliciesSearch } from './search';

const useStyles = makeStyles({
  split: { flexGrow: 1, minHeight: 0, display: 'grid', gridTemplateColumns: 'minmax(0, 1fr) auto', position: 'relative' },
  list: { display: 'flex', flexDirection: 'column', minWidth: 0, minHeight: 0, backgroundColor: tokens.colorNeutralBackground1 },
  tabs: { padding: '0 12px', borderBottom: `1px solid ${tokens.colorNeutralStroke2}`, overflowX: 'auto', overflowY: 'hidden', flexShrink: 0 },
  filters: { display: 'flex', gap: '8px', padding: '8px 24px' },
  top: { display: 'flex', alignItems: 'center', minHeight: '32px', marginRight: '-8px' },
  kind: { flexGrow: 1, fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground2 },
  title: { margin: '2px 0 6px', fontSize: tokens.fontSizeBase400, lineHeight: tokens.lineHeightBase400, fontWeight: tokens.fontWeightSemibold },
  text: { marginBottom: '10px' },
  id: { marginBottom: '12px', fontFamily: tokens.fontMono, fontSize: tokens.fontSizeBase200, overflowWrap: 'anywhere' },
});

const route = getRouteApi('/shell/policies');

function Pane({ one, kind, onDismiss }: { one: PolicyObject; kind: PolicyKind; onDismiss: () => void }) {
  const styles = useStyles();
  const [assigning, setAssigning] = useState(false);
  const assignable = kind === 'definitions' || kind === 'initiatives';
  return (
    <SidePane label={titleOf(one)}>
      <div className={styles.top}>
        <span className={styles.kind}>{t(`policies.${kind}` as MessageKey)}</span>
        <Tooltip content={t('keys.closePane')} relationship="label">
          <Button size="small" appearance="subtle" icon={<DismissRegular />} onClick={onDismiss} />
        </Tooltip>
      </div>
      <h2 className={styles.title}>{titleOf(one)}</h2>
      {one.properties.description && <p className={styles.text}>{one.properties.description}</p>}
      {kind === 'definitions' && <Standing one={one} />}
      {assignable && (
        <Button size="small" icon={<PlayRegular />} onClick={() => setAssigning(true)}>
          {t('assign.dots')}
        </Button>
      )}
      {kind === 'definitions' && <TryOn key={one.id} one={one} />}
      {assigning && <AssignDialog one={one} onClose={() => setAssigning(false)} />}
      <p className={styles.id}>{one.id}</p>
      <JsonTree key={one.id} value={one.properties} label={titleOf(one)} />
    </SidePane>
  );
}

export default function PoliciesPage() {
  const styles = useStyles();
  const search = route.useSearch();
  const navigate = useNavigate();
  const { density } = usePrefs();
  const kind = kindOf(search);
  const { data, error, isPending, refetch } = useQuery(policiesQuery(useSubscription(), kind));
  const rows = useMemo(() => select(data ?? [], search.q ?? ''), [data, search.q]);
  const advice = useQuery(adviceQuery).data;
  const columns = useMemo(() => policyColumns(kind, advice), [kind, advice]);
  const current = rows.find((one) => one.id === search.sel) ?? null;
  useTitle(t('nav.policies'));
  const patch = (change: PoliciesSearch) => void navigate({ to: '.', search: (old: object) => ({ ...old, ...change }), replace: true });
  return (
    <div className={styles.split}>
      <div className={styles.list}>
        <PageHead title={t('nav.policies')} />
        <div className={styles.tabs}>
          <TabList selectedValue={kind} onTabSelect={(_, chosen) => patch({ kind: chosen.value === 'definitions' ? undefined : (chosen.value as PolicyKind), sel: undefined })} aria-label={t('nav.policies')}>
            {KINDS.map((one) => (
              <Tab key={one} value={one}>
                {t(`policies.${one}` as MessageKey)}
                {one === kind && data ? ` ${data.length}` : ''}
              </Tab>
            ))}
          </TabList>
        </div>
        <div className={styles.filters}>
          <FindBox label={t('policies.find')} value={search.q ?? ''} onFind={(q) => patch({ q: q || undefined })} />
        </div>
        {error && <Failure title={t('failure.load')} error={error} onRetry={() => void refetch()} />}
        <Table
          label={t(`policies.${kind}` as MessageKey)}
          columns={columns}
          rows={rows}
          rowKey={(one) => one.id}
          rowHeight={ROW_HEIGHT[density]}
          selected={current?.id ?? null}
          onSelect={(one) => patch({ sel: one.id })}
          busy={isPending}
          empty={isPending || error ? null : <Empty text={search.q ? t('policies.noMatch') : t('policies.none')} />}
        />
      </div>
      {current && <Pane one={current} kind={kind} onDismiss={() => patch({ sel: undefined })} />}
    </div>
  );
}
