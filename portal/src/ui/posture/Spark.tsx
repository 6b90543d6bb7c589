import { makeStyles } from '@fluentui/react-components';
import { tokens } from '../theme';

export interface SparkPoint {
  at: number;
  value: number;
  title: string;
}

const useStyles = makeStyles({
  svg: { display: 'block', width: '100%', height: 'auto', overflow: 'visible' },
  tick: { fill: tokens.colorNeutralForeground3, fontSize: '11px', fontFamily: tokens.fontText },
});

const WIDTH = 640;
const HEIGHT = 130;
const LEFT = 40;
const TOP = 8;
const BOTTOM = 20;

interface Props {
  points: SparkPoint[];
  sentence: string;
  from: { at: number; label: string };
  to: { at: number; label: string };
}

/** A share over time as a stepped line from 0 to 100 %: a value holds until the next one. */
export function Spark({ points, sentence, from, to }: Props) {
  const styles = useStyles();
  const span = Math.max(1, to.at - from.at);
  const x = (at: number) => LEFT + (Math.min(Math.max(at, from.at), to.at) - from.at) / span * (WIDTH - LEFT - 8);
  const y = (value: number) => TOP + (1 - value) * (HEIGHT - TOP - BOTTOM);
  const last = points[points.length - 1];
  const path = points.map((one, index) => `${index === 0 ? 'M' : 'H'}${x(one.at)}${index === 0 ? ` ${y(one.value)}` : ` V${y(one.value)}`}`).join(' ');
  return (
    <svg className={styles.svg} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={sentence}>
      {[0, 0.5, 1].map((value) => (
        <g key={value}>
          <line x1={LEFT} x2={WIDTH - 8} y1={y(value)} y2={y(value)} stroke={tokens.gridLine} strokeWidth={value === 0 ? 1.4 : 1} />
          <text className={styles.tick} x={LEFT - 6} y={y(value) + 4} textAnchor="end">
            {value * 100} %
          </text>
        </g>
      ))}
      {last && <path d={`${path} H${x(to.at)}`} fill="none" stroke={tokens.chartLine} strokeWidth="2" />}
      {points.map((one) => (
        <circle key={one.at} cx={x(one.at)} cy={y(one.value)} r={points.length > 60 ? 0 : 3} fill={tokens.chartLine}>
          <title>{one.title}</title>
        </circle>
      ))}
      <text className={styles.tick} x={LEFT} y={HEIGHT - 4}>
        {from.label}
      </text>
      <text className={styles.tick} x={WIDTH - 8} y={HEIGHT - 4} textAnchor="end">
        {to.label}
      </text>
    </svg>
  );
}
