export { Table } from './Table';
export { stepIndex } from './step';
export type { TableColumn, TableProps, TableSort } from './types';
