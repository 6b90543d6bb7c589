/**
 * The shapes the portal exchanges with the server, and the only place that says them.
 * They follow the SecurityInsights models and our provider Vedette.Operations; they will be generated
 * from the server's registry once it prints one.
 */

export type Severity = 'High' | 'Medium' | 'Low' | 'Informational';
export type IncidentStatus = 'New' | 'Active' | 'Closed';
export type Classification = 'TruePositive' | 'BenignPositive' | 'FalsePositive' | 'Undetermined';
export type ClassificationReason =
  | 'SuspiciousActivity'
  | 'SuspiciousButExpected'
  | 'IncorrectAlertLogic'
  | 'InaccurateData';

export const SEVERITIES: readonly Severity[] = ['High', 'Medium', 'Low', 'Informational'];
export const STATUSES: readonly IncidentStatus[] = ['New', 'Active', 'Closed'];

export interface Session {
  user: { id: string; name: string; roles: string[] };
  csrf: string;
  mustChangePassword: boolean;
}

/** The error envelope of every route; `line` and `column` are set for queries. */
export interface ErrorBody {
  code: string;
  message: string;
  details?: { code?: string; message?: string }[];
  innererror?: InnerError;
}
export interface InnerError {
  code?: string;
  message?: string;
  line?: number;
  pos?: number;
  token?: string;
  innererror?: InnerError;
}

export interface ArmList<T> {
  value: T[];
  nextLink?: string | null;
}

export interface Subscription {
  subscriptionId: string;
  displayName: string;
  tenantId?: string;
}
export interface Tenant {
  tenantId: string;
  displayName?: string;
}
export interface ResourceGroup {
  id: string;
  name: string;
}
export interface WorkspaceResource {
  id: string;
  name: string;
  properties: { customerId: string };
}

export interface IncidentOwner {
  assignedTo?: string | null;
  email?: string | null;
  objectId?: string | null;
  userPrincipalName?: string | null;
  ownerType?: string | null;
}
export interface IncidentLabel {
  labelName: string;
  labelType?: string;
}
export interface IncidentProperties {
  title: string;
  description?: string | null;
  severity: Severity;
  status: IncidentStatus;
  incidentNumber: number;
  createdTimeUtc: string;
  lastModifiedTimeUtc?: string | null;
  /** Ours: when it was closed last. */
  closedTimeUtc?: string | null;
  firstActivityTimeUtc?: string | null;
  lastActivityTimeUtc?: string | null;
  owner?: IncidentOwner | null;
  labels?: IncidentLabel[] | null;
  classification?: Classification | null;
  classificationReason?: ClassificationReason | null;
  classificationComment?: string | null;
  relatedAnalyticRuleIds?: string[] | null;
  providerName?: string | null;
  additionalData?: {
    alertsCount?: number;
    bookmarksCount?: number;
    commentsCount?: number;
    alertProductNames?: string[];
    tactics?: string[];
    techniques?: string[];
    /** Ours: the most telling entities, for lists. */
    entities?: { kind: string; name: string }[];
  } | null;
}
export interface Incident {
  id: string;
  name: string;
  etag?: string;
  properties: IncidentProperties;
}

export interface AlertProperties {
  systemAlertId: string;
  alertDisplayName: string;
  description?: string | null;
  severity: Severity;
  startTimeUtc?: string | null;
  endTimeUtc?: string | null;
  timeGenerated?: string | null;
  tactics?: string[] | null;
  productName?: string | null;
  alertType?: string | null;
  compromisedEntity?: string | null;
  status?: string | null;
  remediationSteps?: string[] | null;
  additionalData?: Record<string, unknown> | null;
}
export interface Alert {
  id?: string;
  name: string;
  kind: 'SecurityAlert';
  properties: AlertProperties;
}

export interface Entity {
  id?: string;
  name?: string;
  kind: string;
  properties: Record<string, unknown>;
}
export interface EntityAnswer {
  entities: Entity[];
  metaData?: { entityKind: string; count: number }[];
}

export interface Comment {
  id?: string;
  name: string;
  etag?: string;
  properties: {
    message: string;
    createdTimeUtc: string;
    lastModifiedTimeUtc?: string | null;
    author?: { name?: string | null; objectId?: string | null; userPrincipalName?: string | null } | null;
  };
}

export interface HistoryEntry {
  time: string;
  who: string;
  what: string;
  from?: string | null;
  to?: string | null;
  why?: string;
  /** What to undo it by; absent when no person did it. */
  act?: number;
  undone?: boolean;
}

export type Cell = string | number | boolean | null;
export interface Column {
  name: string;
  type: string;
}
export interface RowSet {
  columns: Column[];
  rows: Cell[][];
}
export interface AlertRows extends RowSet {
  table: string;
  query: string;
}

export interface QueryAnswer {
  tables: (RowSet & { name: string })[];
  statistics?: Record<string, unknown>;
  render?: { visualization?: string; title?: string; [key: string]: unknown };
  error?: ErrorBody;
}

export interface SeverityCounts {
  total: number;
  high: number;
  medium: number;
  low: number;
  informational: number;
}
export interface Overview {
  since?: string | null;
  openIncidents: SeverityCounts;
  unassigned: number;
  closedToday: number;
  newSince: { total: number; high: number };
  lookFirst: {
    name: string;
    incidentNumber: number;
    title: string;
    severity: Severity;
    status: IncidentStatus;
    alertsCount: number;
    createdTimeUtc: string;
    why?: string | null;
  }[];
  changes: { time: string; text: string; incident?: number | string | null }[];
  alertsPerHour: { hour: string; high: number; medium: number; low: number; informational: number }[];
  ingest: { rowsPerSecond: number | null; lost: number | null; delaySeconds: number | null };
  sources: {
    name: string;
    table: string;
    lastSeen: string | null;
    rows24h: number;
    silentMinutes: number | null;
  }[];
}

export interface IncidentCounts {
  open: number;
  mine: number;
  unassigned: number;
  highLastHour: number;
  closedToday: number;
  total: number;
}

export interface Schema {
  tables: {
    name: string;
    description?: string;
    columns: { name: string; type: string; description?: string }[];
    rows24h?: number;
  }[];
  functions: Word[];
}

/** A word of the query language. A plugin is what `evaluate` calls. */
export interface Word {
  name: string;
  kind: 'function' | 'aggregate' | 'operator' | 'plugin';
  signature: string;
  doc?: string;
  returns?: string;
  example?: string;
}

export interface ServerStatus {
  version: string;
  uptimeSeconds: number;
  processes: { name: string; pid: number; state: string; restarts: number; rssBytes: number }[];
  watermark?: string;
  warnings: { code: string; text: string; remedy: string }[];
}

export interface Rule {
  id: string;
  name: string;
  severity: Severity;
  enabled: boolean;
  kind: string;
  tactics: string[];
  techniques: string[];
  lastRun?: string | null;
  lastResult?: string | null;
  alerts24h?: number;
}

export interface Person {
  id: string;
  name: string;
  displayName?: string | null;
  email?: string | null;
  enabled?: boolean;
}

export interface LiveEvent {
  type: 'incident.changed' | 'incident.created' | 'alert.created' | 'hunt.round' | 'livestream.rows';
  id: string;
  etag?: string;
  changed?: string[];
}
