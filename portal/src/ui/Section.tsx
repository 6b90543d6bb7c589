import type { ReactNode } from 'react';
import { makeStyles } from '@fluentui/react-components';
import { tokens } from './theme';

const useStyles = makeStyles({
  head: { display: 'flex', justifyContent: 'space-between', alignItems: 'baseline', margin: '18px 0 8px' },
  title: { fontSize: tokens.fontSizeBase300, lineHeight: tokens.lineHeightBase300, fontWeight: tokens.fontWeightSemibold },
  aside: { fontSize: tokens.fontSizeBase200 },
});

/** A titled part of a pane: 18 px above, 8 below the heading. */
export function Section({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  const styles = useStyles();
  return (
    <section>
      <div className={styles.head}>
        <h3 className={styles.title}>{title}</h3>
        <span className={styles.aside}>{aside}</span>
      </div>
      {children}
    </section>
  );
}
