import { locale } from '@i18n/t';

const format = (value: number, digits: number) => new Intl.NumberFormat(locale(), { maximumFractionDigits: digits }).format(value);

export const points = (value: number) => format(value, 2);
export const percent = (share: number) => `${format(share * 100, 1)} %`;
