import { makeStyles } from '@fluentui/react-components';
import { tokens } from '@ui/theme';

const useStyles = makeStyles({
  shield: { fill: tokens.colorBrandBackground },
  star: { fill: tokens.colorNeutralForegroundOnBrand },
});

/** The mark: a shield with a V that looks out. */
export function Mark({ size = 22 }: { size?: number }) {
  const styles = useStyles();
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <path className={styles.shield} d="M12 1.5 3 4.8v6.4c0 5.4 3.6 9.6 9 11.3 5.4-1.7 9-5.9 9-11.3V4.8z" />
      <path className={styles.star} d="M7.3 8h2.9l1.8 4.8L13.8 8h2.9l-3.4 9h-2.6z" />
    </svg>
  );
}
