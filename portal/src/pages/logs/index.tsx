import { Suspense, lazy, useEffect, useMemo, useRef, useState } from 'react';
import { MessageBar, MessageBarBody, Spinner, makeStyles } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { ApiError } from '@api/client';
import { schemaQuery } from '@api/query';
import { useRange, useTitle, useWorkspace } from '@app/hooks';
import { useKeys } from '@app/keys';
import { useNotify } from '@app/Notify';
import { formatRange, rangeLabel } from '@app/range';
import { t } from '@i18n/t';
import { toCsv } from '@ui/cells';
import { chartKind } from '@ui/Chart/chart';
import { download } from '@ui/download';
import type { EditorHandle } from '@ui/Editor/KqlEditor';
import type { EditorProblem } from '@ui/Editor/useEditor';
import { Splitter } from '@ui/Splitter';
import { tokens } from '@ui/theme';
import { Results } from './parts/Results';
import { SchemaTree } from './parts/SchemaTree';
import { TabStrip } from './parts/TabStrip';
import { Toolbar } from './parts/Toolbar';
import { LOG_VIEWS, type LogsView } from './search';
import { tabName } from './tabs';
import { useLogTabs } from './useLogTabs';
import { useRun } from './useRun';

const KqlEditor = lazy(() => import('@ui/Editor/KqlEditor'));

const useStyles = makeStyles({
  page: { flexGrow: 1, minHeight: 0, display: 'flex', flexDirection: 'column', backgroundColor: tokens.colorNeutralBackground1 },
  head: {
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: '16px',
    minHeight: '44px',
    padding: '0 16px 0 24px',
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  left: { display: 'flex', alignItems: 'center', gap: '20px', minWidth: 0 },
  title: { fontSize: tokens.fontSizeBase500, lineHeight: tokens.lineHeightBase500, fontWeight: tokens.fontWeightSemibold },
  body: { flexGrow: 1, minHeight: 0, display: 'flex' },
  work: { flexGrow: 1, minWidth: 0, minHeight: 0, display: 'flex', flexDirection: 'column' },
});

const route = getRouteApi('/shell/logs');

/** Where in the editor the server's complaint points: the text that ran may begin further down. */
function problemOf(error: unknown, firstLine: number): EditorProblem | null {
  const place = error instanceof ApiError ? error.place : null;
  return place && { message: place.message, line: place.line + firstLine - 1, column: place.column };
}

export default function LogsPage() {
  const styles = useStyles();
  const search = route.useSearch();
  const navigate = useNavigate();
  const { notify } = useNotify();
  const { range, setRange } = useRange();
  const schema = useQuery(schemaQuery(useWorkspace())).data;
  const editor = useRef<EditorHandle>(null);
  const [share, setShare] = useState(35);
  const pendingRun = useRef<string | null>(null);
  const tabs = useLogTabs(search, (text, run) => {
    pendingRun.current = run ? text : null;
  });
  const text = tabs.tabs.find((tab) => tab.id === tabs.active)?.text ?? '';
  const { state, run, cancel } = useRun(tabs.active);
  useTitle(`${tabName(text) ?? t('nav.logs')}`);

  const go = (what: { text: string; line: number }) => {
    void run(what.text, what.line, range, formatRange(range));
    void tabs.writeAddress(text);
  };
  const runAll = () => go(editor.current?.runnable() ?? { text, line: 1 });
  useEffect(() => {
    if (!tabs.ready || pendingRun.current === null || pendingRun.current !== text) return;
    pendingRun.current = null;
    go({ text, line: 1 });
  });
  const rangeText = formatRange(range);
  const moved = state.status === 'done' && state.rangeText !== rangeText;
  useEffect(() => {
    if (moved) void run(state.query, state.line, range, rangeText);
  });
  const addLine = (line: string) => {
    const next = `${text.trimEnd()}\n${line}`;
    tabs.dispatch({ type: 'edit', text: next });
    void run(next, 1, range, rangeText);
    void tabs.writeAddress(next);
  };
  const view = search.view ?? (chartKind(state.answer?.render?.visualization) ? 'chart' : LOG_VIEWS[0]);
  const setView = (next: LogsView) => void navigate({ to: '.', search: (old: object) => ({ ...old, view: next }), replace: true });
  const shareLink = async () => {
    await tabs.writeAddress(text);
    await navigator.clipboard.writeText(location.href);
    notify({ text: t('copied.link') });
  };
  const exportCsv = () => {
    const set = state.answer?.tables[0];
    if (set) download(`${(tabName(text) ?? 'query').replace(/[^\w.-]+/g, '-')}.csv`, 'text/csv', toCsv(set));
  };
  const problem = useMemo(() => problemOf(state.error, state.line), [state.error, state.line]);
  useKeys([
    { key: 'shift+Enter', label: 'logs.run', group: 'logs', run: runAll },
    { key: 'f', label: 'keys.editor', group: 'logs', run: () => editor.current?.focus() },
    { key: 'y', label: 'keys.copyLink', group: 'logs', run: () => void shareLink() },
    { key: 'Escape', label: 'keys.cancel', group: 'logs', run: cancel },
  ]);

  return (
    <div className={styles.page}>
      <div className={styles.head}>
        <div className={styles.left}>
          <h1 className={styles.title}>{t('nav.logs')}</h1>
          <TabStrip
            tabs={tabs.tabs}
            active={tabs.active}
            onSelect={(id) => tabs.dispatch({ type: 'select', id })}
            onClose={(id) => tabs.dispatch({ type: 'close', id })}
            onAdd={() => tabs.dispatch({ type: 'open', id: crypto.randomUUID(), text: '' })}
          />
        </div>
        <Toolbar
          running={state.status === 'running'}
          canExport={(state.answer?.tables[0]?.rows.length ?? 0) > 0}
          onRun={runAll}
          onCancel={cancel}
          onShare={() => void shareLink()}
          onExport={exportCsv}
        />
      </div>
      {tabs.broken && (
        <MessageBar intent="warning">
          <MessageBarBody>{t('logs.brokenAddress')}</MessageBarBody>
        </MessageBar>
      )}
      <div className={styles.body}>
        <SchemaTree schema={schema} onInsert={(name) => editor.current?.insert(name)} />
        <div className={styles.work}>
          <div style={{ height: `${share}%`, flexShrink: 0 }}>
            <Suspense fallback={<Spinner size="small" label={t('waiting')} />}>
              <KqlEditor
                value={text}
                onChange={(next) => tabs.dispatch({ type: 'edit', text: next })}
                onRun={runAll}
                onRunToCursor={() => go(editor.current?.toCursor() ?? { text, line: 1 })}
                schema={schema}
                problem={problem}
                handle={editor}
              />
            </Suspense>
          </div>
          <Splitter label={t('logs.splitter')} value={share} onChange={setShare} />
          <Results
            run={state}
            view={view}
            rangeLabel={rangeLabel(range)}
            isAll={'preset' in range && range.preset === 'all'}
            onView={setView}
            onRange={setRange}
            onFilter={addLine}
            onReveal={(line, column) => editor.current?.reveal(line, column)}
          />
        </div>
      </div>
    </div>
  );
}
