import { useEffect, useState } from 'react';
import { Dialog, DialogBody, DialogContent, DialogSurface, DialogTitle } from '@fluentui/react-components';
import { useQueryClient } from '@tanstack/react-query';
import { whenSignedOut } from '@api/client';
import { sessionQuery } from '@api/session';
import { t } from '@i18n/t';
import { useSession } from '../hooks';
import { SignInForm } from './SignInForm';

/** A session that ended is renewed over the page; what one typed stays where it is. */
export function SignedOut() {
  const [shown, setShown] = useState(false);
  const client = useQueryClient();
  const { user } = useSession();
  useEffect(() => {
    whenSignedOut(() => setShown(true));
    return () => whenSignedOut(() => undefined);
  }, []);
  if (!shown) return null;
  return (
    <Dialog open modalType="alert">
      <DialogSurface style={{ maxWidth: 420 }}>
        <DialogBody>
          <DialogTitle>{t('signin.ended')}</DialogTitle>
          <DialogContent>
            <SignInForm
              user={user.name}
              onDone={(session) => {
                client.setQueryData(sessionQuery.queryKey, session);
                setShown(false);
                void client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'Session' });
              }}
            />
          </DialogContent>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
