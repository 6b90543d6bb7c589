import type { ReactNode } from 'react';
import { makeStyles, mergeClasses } from '@fluentui/react-components';
import { ErrorCard } from '@app/shell/ErrorCard';
import { tokens } from './theme';

const useStyles = makeStyles({
  card: {
    display: 'flex',
    flexDirection: 'column',
    minWidth: 0,
    backgroundColor: tokens.colorNeutralBackground1,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusLarge,
  },
  head: {
    display: 'flex',
    flexWrap: 'wrap',
    justifyContent: 'space-between',
    alignItems: 'baseline',
    gap: tokens.spacingHorizontalM,
    padding: '11px 16px 0',
  },
  ruled: { paddingBottom: '10px', borderBottom: `1px solid ${tokens.colorNeutralStroke2}` },
  title: { fontSize: tokens.fontSizeBase300, lineHeight: tokens.lineHeightBase300, fontWeight: tokens.fontWeightSemibold },
  aside: { fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground2 },
});

interface CardProps {
  title: string;
  aside?: ReactNode;
  ruled?: boolean;
  className?: string;
  children: ReactNode;
}

/** A titled surface with its own error boundary. */
export function Card({ title, aside, ruled, className, children }: CardProps) {
  const styles = useStyles();
  return (
    <section className={mergeClasses(styles.card, className)}>
      <div className={mergeClasses(styles.head, ruled && styles.ruled)}>
        <h2 className={styles.title}>{title}</h2>
        <span className={styles.aside}>{aside}</span>
      </div>
      <ErrorCard>{children}</ErrorCard>
    </section>
  );
}
