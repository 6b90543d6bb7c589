import type { ReactNode } from 'react';
import { makeStyles } from '@fluentui/react-components';
import { tokens } from './theme';

const useStyles = makeStyles({
  head: { display: 'flex', alignItems: 'center', gap: '12px', padding: '14px 24px 4px', minHeight: '50px' },
  title: {
    fontSize: tokens.fontSizeBase600,
    lineHeight: tokens.lineHeightBase600,
    fontWeight: tokens.fontWeightSemibold,
    whiteSpace: 'nowrap',
  },
  space: { flexGrow: 1 },
  actions: { display: 'flex', alignItems: 'center', gap: tokens.spacingHorizontalXS },
});

export function PageHead({ title, beside, children }: { title: string; beside?: ReactNode; children?: ReactNode }) {
  const styles = useStyles();
  return (
    <div className={styles.head}>
      <h1 className={styles.title}>{title}</h1>
      {beside}
      <span className={styles.space} />
      <div className={styles.actions}>{children}</div>
    </div>
  );
}
