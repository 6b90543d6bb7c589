import type { AlertStatus as Name } from '@api/alerts';
import { t, type MessageKey } from '@i18n/t';
import { Status } from './Status';

const SHAPE = { Active: 'New', InProgress: 'Active', Resolved: 'Closed', Dismissed: 'Closed' } as const;

export function alertStatusWord(status: Name): string {
  return t(`alertStatus.${status}` as MessageKey);
}

/** An alert's own standing, with the marks that incidents have. */
export function AlertStatus({ value }: { value: Name }) {
  return <Status value={SHAPE[value]} word={alertStatusWord(value)} />;
}
