/** Addresses of an export: for the browser, and for a program's command line. */

export type ExportFormat = "csv" | "jsonl";

export interface ExportOptions {
  projectId: number;
  format: ExportFormat;
  /** Retention of the weak boxes, in (0, 1]. */
  retention: number;
}

export function exportUrl({ projectId, format, retention }: ExportOptions): string {
  return `/api/v1/projects/${projectId}/export?format=${format}&retention=${retention}`;
}

export function exportCommand(options: ExportOptions, origin: string): string {
  const header = '-H "Authorization: Bearer $TOKEN"';
  return `curl -fL ${header} "${origin}${exportUrl(options)}" -o labels.${options.format}`;
}
