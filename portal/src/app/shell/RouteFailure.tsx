import { useRouter, type ErrorComponentProps } from '@tanstack/react-router';
import { t } from '@i18n/t';
import { Failure } from '@ui/Empty';

export function RouteFailure({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const retry = () => {
    reset();
    void router.invalidate();
  };
  return <Failure title={t('failure.page')} error={error} onRetry={retry} />;
}
