import { useRef, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { makeStyles } from '@fluentui/react-components';
import { setPrefs, usePrefs } from '@app/prefs';
import { t } from '@i18n/t';
import { tokens } from './theme';

const useStyles = makeStyles({
  root: {
    position: 'relative',
    display: 'flex',
    flexDirection: 'column',
    minHeight: 0,
    borderLeft: `1px solid ${tokens.colorNeutralStroke2}`,
    backgroundColor: tokens.colorNeutralBackground1,
    boxShadow: tokens.floatShadow,
    '@media (max-width: 1100px)': { position: 'absolute', top: 0, right: 0, bottom: 0, zIndex: 3, maxWidth: '100%' },
  },
  body: { flexGrow: 1, minHeight: 0, overflowY: 'auto', padding: '12px 20px 20px' },
  footer: {
    display: 'flex',
    gap: tokens.spacingHorizontalS,
    alignItems: 'center',
    padding: '12px 20px',
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  grip: {
    position: 'absolute',
    left: '-3px',
    top: 0,
    bottom: 0,
    width: '6px',
    cursor: 'col-resize',
    touchAction: 'none',
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '-2px' },
  },
});

const MIN = 360;
const MAX = 640;

/** The pane beside a list: not modal, resizable by drag and by arrows, its width remembered. */
export function SidePane({ label, children, footer }: { label: string; children: ReactNode; footer?: ReactNode }) {
  const styles = useStyles();
  const { paneWidth } = usePrefs();
  const drag = useRef<{ x: number; width: number } | null>(null);
  const resize = (width: number) => setPrefs({ paneWidth: Math.min(MAX, Math.max(MIN, Math.round(width))) });
  const onMove = (event: PointerEvent) => drag.current && resize(drag.current.width + drag.current.x - event.clientX);
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    event.preventDefault();
    resize(paneWidth + (event.key === 'ArrowLeft' ? 20 : -20));
  };
  return (
    <aside className={styles.root} style={{ width: paneWidth }} aria-label={label}>
      <div
        className={styles.grip}
        role="separator"
        aria-orientation="vertical"
        aria-label={t('pane.resize')}
        aria-valuenow={paneWidth}
        aria-valuemin={MIN}
        aria-valuemax={MAX}
        tabIndex={0}
        onKeyDown={onKey}
        onPointerDown={(event) => {
          drag.current = { x: event.clientX, width: paneWidth };
          event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerMove={onMove}
        onPointerUp={() => (drag.current = null)}
      />
      <div className={styles.body}>{children}</div>
      {footer !== undefined && <div className={styles.footer}>{footer}</div>}
    </aside>
  );
}
