import { useRef, useState, type PointerEvent } from 'react';
import { makeStyles } from '@fluentui/react-components';
import type { Range } from '@app/range';
import { t } from '@i18n/t';
import { tokens } from '@ui/theme';
import { when } from '@ui/time';
import type { Histogram } from '../histogram';

const useStyles = makeStyles({
  root: { padding: '6px 24px 2px', flexShrink: 0 },
  svg: { display: 'block', width: '100%', height: '44px', cursor: 'crosshair', touchAction: 'none' },
  ends: {
    display: 'flex',
    justifyContent: 'space-between',
    fontSize: '11px',
    lineHeight: '14px',
    color: tokens.colorNeutralForeground3,
  },
});

const HEIGHT = 44;

/** Rows over time; a drag (or the time control, for those who do not drag) narrows the range. */
export function TimeBars({ data, onRange }: { data: Histogram; onRange: (range: Range) => void }) {
  const styles = useStyles();
  const svg = useRef<SVGSVGElement>(null);
  const [drag, setDrag] = useState<{ from: number; to: number } | null>(null);
  const top = Math.max(...data.counts);
  const n = data.counts.length;
  const slot = (event: PointerEvent) => {
    const box = svg.current?.getBoundingClientRect();
    if (!box) return 0;
    return Math.min(n - 1, Math.max(0, Math.floor(((event.clientX - box.left) / box.width) * n)));
  };
  const at = (index: number) => new Date(data.from + index * data.step).toISOString();
  const finish = () => {
    if (drag) {
      const [from, to] = [Math.min(drag.from, drag.to), Math.max(drag.from, drag.to)];
      onRange({ from: at(from), to: at(to + 1) });
    }
    setDrag(null);
  };
  const end = data.from + n * data.step;
  return (
    <div className={styles.root}>
      <svg
        ref={svg}
        className={styles.svg}
        viewBox={`0 0 ${n} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={t('logs.histogram', { from: when(at(0)), to: when(new Date(end).toISOString()), n: data.counts.reduce((a, b) => a + b, 0) })}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          setDrag({ from: slot(event), to: slot(event) });
        }}
        onPointerMove={(event) => drag && setDrag({ ...drag, to: slot(event) })}
        onPointerUp={finish}
      >
        {drag && (
          <rect x={Math.min(drag.from, drag.to)} width={Math.abs(drag.to - drag.from) + 1} height={HEIGHT} fill={tokens.rowSelBg} />
        )}
        {data.counts.map((count, index) => {
          const height = count === 0 ? 0 : Math.max(2, (count / top) * (HEIGHT - 2));
          return (
            <rect key={index} x={index + 0.1} width={0.8} y={HEIGHT - height} height={height} fill={tokens.chartLine}>
              <title>{`${when(at(index))}: ${count}`}</title>
            </rect>
          );
        })}
      </svg>
      <div className={styles.ends} aria-hidden="true">
        <span>{when(at(0))}</span>
        <span>{when(new Date(end).toISOString())}</span>
      </div>
    </div>
  );
}
