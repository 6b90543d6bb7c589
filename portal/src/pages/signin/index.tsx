import { Card, makeStyles } from '@fluentui/react-components';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useRouter } from '@tanstack/react-router';
import { useTitle } from '@app/hooks';
import { SignInForm } from '@app/session/SignInForm';
import { Mark } from '@app/shell/Mark';
import { sessionQuery } from '@api/session';
import type { Session } from '@api/types';
import { t } from '@i18n/t';
import { tokens } from '@ui/theme';

const useStyles = makeStyles({
  page: {
    height: '100%',
    overflow: 'auto',
    display: 'grid',
    placeItems: 'center',
    padding: '24px',
    backgroundColor: tokens.canvas,
    color: tokens.colorNeutralForeground1,
    fontFamily: tokens.fontText,
  },
  card: {
    width: '360px',
    maxWidth: '100%',
    padding: '32px 28px 28px',
    gap: tokens.spacingVerticalXL,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  head: { display: 'flex', alignItems: 'center', gap: '12px' },
  title: { fontSize: tokens.fontSizeBase600, lineHeight: tokens.lineHeightBase600, fontWeight: tokens.fontWeightSemibold },
  note: { color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200, lineHeight: tokens.lineHeightBase200 },
});

/** Only an address of our own may be returned to. */
export function safeBack(back: string | undefined): string {
  return back?.startsWith('/') && !back.startsWith('//') && !back.startsWith('/signin') ? back : '/overview';
}

const route = getRouteApi('/signin');

export default function SignInPage() {
  const styles = useStyles();
  const { back } = route.useSearch();
  const router = useRouter();
  const client = useQueryClient();
  const { data: session } = useQuery(sessionQuery);
  useTitle(t('signin.go'));
  const done = (next: Session) => {
    client.setQueryData(sessionQuery.queryKey, next);
    router.history.push(safeBack(back));
  };
  const mustChange = session?.mustChangePassword === true;
  return (
    <main className={styles.page}>
      <Card className={styles.card} appearance="filled">
        <div className={styles.head}>
          <Mark size={32} />
          <h1 className={styles.title}>{t('signin.title')}</h1>
        </div>
        <SignInForm key={String(mustChange)} onDone={done} mustChange={mustChange} user={session?.user.name} />
        {!mustChange && <p className={styles.note}>{t('signin.first')}</p>}
      </Card>
    </main>
  );
}
