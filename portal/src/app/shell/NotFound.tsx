import { Link } from '@tanstack/react-router';
import { t } from '@i18n/t';
import { Empty } from '@ui/Empty';

export function NotFound() {
  return (
    <Empty text={t('notFound.title')}>
      <Link to="/overview">{t('notFound.back')}</Link>
    </Empty>
  );
}
