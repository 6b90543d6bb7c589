import { useRef, type KeyboardEvent } from 'react';
import { makeStyles } from '@fluentui/react-components';
import { tokens } from './theme';

const useStyles = makeStyles({
  bar: {
    height: '6px',
    flexShrink: 0,
    cursor: 'row-resize',
    touchAction: 'none',
    ':hover': { backgroundColor: tokens.colorNeutralStroke2 },
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '-2px' },
  },
});

interface SplitterProps {
  label: string;
  /** Share of the upper part in percent. */
  value: number;
  onChange: (value: number) => void;
}

/** A row splitter: by drag, or by arrows. */
export function Splitter({ label, value, onChange }: SplitterProps) {
  const styles = useStyles();
  const root = useRef<HTMLDivElement>(null);
  const set = (next: number) => onChange(Math.min(80, Math.max(12, next)));
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
    event.preventDefault();
    set(value + (event.key === 'ArrowDown' ? 3 : -3));
  };
  return (
    <div
      ref={root}
      className={styles.bar}
      role="separator"
      aria-orientation="horizontal"
      aria-label={label}
      aria-valuenow={Math.round(value)}
      aria-valuemin={12}
      aria-valuemax={80}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={(event) => {
        const box = root.current?.parentElement?.getBoundingClientRect();
        if (event.buttons === 1 && box) set(((event.clientY - box.top) / box.height) * 100);
      }}
    />
  );
}
