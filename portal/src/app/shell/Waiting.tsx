import { Spinner } from '@fluentui/react-components';
import { t } from '@i18n/t';

export function Waiting() {
  return <Spinner label={t('waiting')} style={{ height: '100%' }} />;
}
