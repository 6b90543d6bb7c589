import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { Button, Input, makeStyles, mergeClasses } from '@fluentui/react-components';
import { DismissRegular, PauseRegular, PlayRegular } from '@fluentui/react-icons';
import { t } from '@i18n/t';
import { SEVERITY_COLOR } from '@ui/Severity';
import { tokens } from '@ui/theme';
import { exact, when } from '@ui/time';
import { inWindow, spanOf, type Mark, type Window } from '../times';

const useStyles = makeStyles({
  strip: { height: '132px', flexShrink: 0, display: 'flex', flexDirection: 'column', borderTop: `1px solid ${tokens.colorNeutralStroke2}`, padding: '6px 20px 10px' },
  bar: { display: 'flex', alignItems: 'center', gap: '8px', minHeight: '32px', fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground2, whiteSpace: 'nowrap' },
  field: { display: 'flex', alignItems: 'center', gap: '6px' },
  now: { flexGrow: 1, minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis', color: tokens.colorNeutralForeground1 },
  track: { position: 'relative', flexGrow: 1, margin: '0 10px', touchAction: 'none', cursor: 'crosshair' },
  line: { position: 'absolute', left: 0, right: 0, top: '26px', height: '2px', backgroundColor: tokens.gridLine },
  window: { position: 'absolute', top: 0, bottom: '18px', backgroundColor: tokens.chartFill, borderLeft: `1px solid ${tokens.chartLine}`, borderRight: `1px solid ${tokens.chartLine}` },
  alert: {
    position: 'absolute',
    top: '16px',
    width: '22px',
    height: '22px',
    padding: 0,
    marginLeft: '-11px',
    border: 'none',
    background: 'none',
    cursor: 'pointer',
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, borderRadius: tokens.borderRadiusMedium },
  },
  diamond: { position: 'absolute', left: '5px', top: '5px', width: '12px', height: '12px', transform: 'rotate(45deg)', borderRadius: '2px' },
  row: { position: 'absolute', top: '20px', width: '3px', height: '14px', marginLeft: '-1px', backgroundColor: tokens.colorNeutralForeground3, pointerEvents: 'none' },
  dim: { opacity: 0.35 },
  big: { outline: `2px solid ${tokens.colorBrandStroke1}`, outlineOffset: '2px' },
  label: { position: 'absolute', bottom: 0, fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground2, fontVariantNumeric: 'tabular-nums', pointerEvents: 'none' },
  right: { right: 0 },
});

const STEP_MS = 1000;
const WIDTH = '196px';
const local = (ms: number | null) => (ms === null ? '' : new Date(ms - new Date(ms).getTimezoneOffset() * 60_000).toISOString().slice(0, 19));

interface StripProps {
  marks: readonly Mark[];
  window: Window;
  /** The node under the pointer: its marks grow. */
  near: string | null;
  onWindow: (window: Window) => void;
  onHover: (mark: Mark | null) => void;
  onChoose: (mark: Mark) => void;
}

/** Plays what happened: the window grows by one mark a second. */
function useReplay(marks: readonly Mark[], onWindow: (window: Window) => void) {
  const [at, setAt] = useState<number | null>(null);
  const latest = useRef(onWindow);
  latest.current = onWindow;
  useEffect(() => {
    if (at === null) return;
    const mark = marks[at];
    latest.current({ from: null, to: mark?.time ?? null });
    const timer = setTimeout(() => setAt(at + 1 < marks.length ? at + 1 : null), STEP_MS);
    return () => clearTimeout(timer);
  }, [at, marks]);
  return { playing: at !== null, current: at === null ? null : (marks[at] ?? null), toggle: () => setAt(at === null ? 0 : null) };
}

function TimeField({ label, value, onChange }: { label: string; value: number | null; onChange: (ms: number | null) => void }) {
  const styles = useStyles();
  return (
    <label className={styles.field}>
      {label}
      <Input
        size="small"
        type="datetime-local"
        step={1}
        style={{ width: WIDTH }}
        value={local(value)}
        onChange={(_, data) => onChange(data.value === '' ? null : Date.parse(data.value))}
      />
    </label>
  );
}

export function TimeStrip({ marks, window, near, onWindow, onHover, onChoose }: StripProps) {
  const styles = useStyles();
  const track = useRef<HTMLDivElement>(null);
  const drag = useRef<number | null>(null);
  const replay = useReplay(marks, onWindow);
  const { min, max } = spanOf(marks);
  const place = (time: number) => `${((time - min) / (max - min)) * 100}%`;
  const timeAt = (event: PointerEvent) => {
    const box = track.current?.getBoundingClientRect();
    const share = box ? (event.clientX - box.left) / box.width : 0;
    return min + Math.min(1, Math.max(0, share)) * (max - min);
  };
  const onMove = (event: PointerEvent) => {
    if (drag.current === null) return;
    const [from, to] = [drag.current, timeAt(event)].sort((a, b) => a - b) as [number, number];
    if (to - from > (max - min) / 200) onWindow({ from: Math.floor(from / 1000) * 1000, to: Math.ceil(to / 1000) * 1000 });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    event.preventDefault();
    const all = [...(track.current?.querySelectorAll('button') ?? [])];
    const at = all.indexOf(document.activeElement as HTMLButtonElement);
    all[Math.min(all.length - 1, Math.max(0, at + (event.key === 'ArrowRight' ? 1 : -1)))]?.focus();
  };
  const whole = window.from === null && window.to === null;
  return (
    <section className={styles.strip} aria-label={t('graph.timeline')}>
      <div className={styles.bar}>
        <Button size="small" appearance="subtle" icon={replay.playing ? <PauseRegular /> : <PlayRegular />} onClick={replay.toggle}>
          {replay.playing ? t('graph.pause') : t('graph.replay')}
        </Button>
        <span className={styles.now} aria-live="polite">
          {replay.current ? `${when(new Date(replay.current.time).toISOString())} ${replay.current.title}` : t('graph.marks', { n: marks.filter((mark) => inWindow(mark, window)).length, of: marks.length })}
        </span>
        <TimeField label={t('graph.from')} value={window.from} onChange={(from) => onWindow({ ...window, from })} />
        <TimeField label={t('graph.to')} value={window.to} onChange={(to) => onWindow({ ...window, to })} />
        <Button size="small" appearance="subtle" disabled={whole} icon={<DismissRegular />} title={t('graph.whole')} aria-label={t('graph.whole')} onClick={() => onWindow({ from: null, to: null })} />
      </div>
      <div
        ref={track}
        className={styles.track}
        onKeyDown={onKeyDown}
        onPointerDown={(event) => {
          if ((event.target as HTMLElement).closest('button')) return;
          drag.current = timeAt(event);
          event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerMove={onMove}
        onPointerUp={() => (drag.current = null)}
      >
        {!whole && <div className={styles.window} style={{ left: place(Math.max(min, window.from ?? min)), right: `calc(100% - ${place(Math.min(max, window.to ?? max))})` }} />}
        <div className={styles.line} />
        {marks.map((mark) =>
          mark.severity ? (
            <button
              key={mark.id}
              type="button"
              className={mergeClasses(styles.alert, !inWindow(mark, window) && styles.dim)}
              style={{ left: place(mark.time) }}
              title={`${exact(new Date(mark.time).toISOString())} ${mark.title}`}
              aria-label={`${when(new Date(mark.time).toISOString())} ${mark.title}`}
              onPointerEnter={() => onHover(mark)}
              onPointerLeave={() => onHover(null)}
              onFocus={() => onHover(mark)}
              onBlur={() => onHover(null)}
              onClick={() => onChoose(mark)}
            >
              <span className={mergeClasses(styles.diamond, near !== null && mark.nodes.includes(near) && styles.big)} style={{ backgroundColor: SEVERITY_COLOR[mark.severity] }} />
            </button>
          ) : (
            <span key={mark.id} className={mergeClasses(styles.row, !inWindow(mark, window) && styles.dim, near !== null && mark.nodes.includes(near) && styles.big)} style={{ left: place(mark.time) }} />
          ),
        )}
        <span className={styles.label}>{when(new Date(min).toISOString())}</span>
        <span className={mergeClasses(styles.label, styles.right)}>{when(new Date(max).toISOString())}</span>
      </div>
    </section>
  );
}
