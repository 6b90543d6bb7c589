import { useId } from 'react';
import { makeStyles } from '@fluentui/react-components';
import { t } from '@i18n/t';
import { tokens } from '../theme';

export interface States {
  healthy: number;
  unhealthy: number;
  /** Waits for a person's word. */
  manual?: number;
  notMeasured?: number;
}

const useStyles = makeStyles({ svg: { display: 'block', width: '100%', minWidth: '48px', height: '8px' } });

/** Solid pass, red fail, dotted manual, hatched not measured: what is unknown never looks like zero or good. */
export function StateBar({ states }: { states: States }) {
  const styles = useStyles();
  const id = useId();
  const parts = [
    { value: states.healthy, fill: tokens.good },
    { value: states.unhealthy, fill: tokens.sevHigh },
    { value: states.manual ?? 0, fill: `url(#${id}dots)` },
    { value: states.notMeasured ?? 0, fill: `url(#${id}hatch)` },
  ];
  const total = parts.reduce((sum, part) => sum + part.value, 0);
  const label = t('posture.bar', { healthy: states.healthy, unhealthy: states.unhealthy, manual: states.manual ?? 0, notMeasured: states.notMeasured ?? 0 });
  let x = 0;
  return (
    <svg className={styles.svg} viewBox="0 0 200 8" preserveAspectRatio="none" role="img" aria-label={label}>
      <title>{label}</title>
      <defs>
        <pattern id={`${id}hatch`} width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="1.4" height="4" fill={tokens.colorNeutralForeground3} />
        </pattern>
        <pattern id={`${id}dots`} width="4" height="4" patternUnits="userSpaceOnUse">
          <circle cx="2" cy="2" r="1.1" fill={tokens.colorNeutralForeground3} />
        </pattern>
      </defs>
      <rect width="200" height="8" fill={tokens.gridLine} />
      {parts.map((part, index) => {
        const width = total === 0 ? 0 : (part.value / total) * 200;
        const at = x;
        x += width;
        return width === 0 ? null : <rect key={index} x={at} width={Math.max(1.5, width - 1)} height="8" fill={part.fill} />;
      })}
    </svg>
  );
}
