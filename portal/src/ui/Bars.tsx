import { makeStyles } from '@fluentui/react-components';
import { t } from '@i18n/t';
import { tokens } from './theme';

export interface Stack {
  label: string;
  title: string;
  parts: { value: number; color: string }[];
}

const useStyles = makeStyles({
  svg: { display: 'block', width: '100%', height: 'auto', overflow: 'visible' },
  tick: { fill: tokens.colorNeutralForeground3, fontSize: '11px', fontFamily: tokens.fontText },
});

/** The next round number above, so that the axis ends on one a person can read. */
export function niceMax(value: number): number {
  if (value <= 4) return 4;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 2.5, 5, 10].find((factor) => factor * power >= value) ?? 10;
  return step * power;
}

const LEFT = 34;
const BOTTOM = 22;
const TOP = 10;

interface Props {
  stacks: Stack[];
  sentence: string;
  width: number;
  height: number;
  labelEvery: number;
}

/** Stacked bars in plain SVG: the shell carries no chart library. */
export function Bars({ stacks, sentence, width, height, labelEvery }: Props) {
  const styles = useStyles();
  const top = niceMax(Math.max(0, ...stacks.map((one) => one.parts.reduce((sum, part) => sum + part.value, 0))));
  const plot = height - BOTTOM - TOP;
  const slot = (width - LEFT) / Math.max(1, stacks.length);
  const y = (value: number) => TOP + plot - (value / top) * plot;
  return (
    <svg className={styles.svg} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={sentence}>
      {[0, top / 2, top].map((value) => (
        <g key={value}>
          <line x1={LEFT} x2={width} y1={y(value)} y2={y(value)} stroke={tokens.gridLine} strokeWidth={value === 0 ? 1.4 : 1} />
          <text className={styles.tick} x={LEFT - 8} y={y(value) + 4} textAnchor="end">
            {value}
          </text>
        </g>
      ))}
      {stacks.map((stack, index) => (
        <BarStack key={stack.label + String(index)} stack={stack} x={LEFT + index * slot} slot={slot} y={y} />
      ))}
      {stacks.map((stack, index) =>
        index % labelEvery === labelEvery - 1 ? (
          <text key={index} className={styles.tick} x={LEFT + (index + 0.5) * slot} y={height - 5} textAnchor="middle">
            {stack.label}
          </text>
        ) : null,
      )}
    </svg>
  );
}

function BarStack({ stack, x, slot, y }: { stack: Stack; x: number; slot: number; y: (value: number) => number }) {
  let sum = 0;
  return (
    <g>
      <title>{stack.title}</title>
      {stack.parts.map((part, index) => {
        const from = sum;
        sum += part.value;
        if (part.value === 0) return null;
        const height = Math.max(1, y(from) - y(sum) - 1);
        return <rect key={index} x={x + slot * 0.08} width={slot * 0.84} y={y(sum)} height={height} rx={1} fill={part.color} />;
      })}
    </g>
  );
}

/** The share of each part in one line, as under "Open incidents". */
export function ShareBar({ parts }: { parts: { value: number; color: string }[] }) {
  const total = parts.reduce((sum, part) => sum + part.value, 0);
  let x = 0;
  return (
    <svg width="100%" height="6" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
      {total === 0 && <rect width="100" height="6" fill={tokens.gridLine} />}
      {parts.map((part, index) => {
        const width = total === 0 ? 0 : (part.value / total) * 100;
        const at = x;
        x += width;
        return width === 0 ? null : <rect key={index} x={at} width={Math.max(0.5, width - 0.6)} height="6" fill={part.color} />;
      })}
    </svg>
  );
}

export function severityStack(hour: string, label: string, counts: { high: number; medium: number; low: number; informational: number }): Stack {
  return {
    label,
    title: t('bars.hour', { hour: label || hour, ...counts }),
    parts: [
      { value: counts.informational, color: tokens.barInformational },
      { value: counts.low, color: tokens.barLow },
      { value: counts.medium, color: tokens.barMedium },
      { value: counts.high, color: tokens.barHigh },
    ],
  };
}
