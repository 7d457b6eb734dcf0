/** What the stores of a project need from the server, behind their own narrow interfaces. */

import type { SmallFile } from "../lib/upload-plan";
import type { MapFetchers } from "../state/map-data";
import type { OutboxEntry } from "../state/outbox";
import type { LabelServer } from "../state/sync";
import type { UploadServer } from "../state/upload";
import { api, fetchBytes, postForm, unwrap } from "./client";
import { allItems } from "./pages";
import { ApiError } from "./problem";
import type { LabelAction, UploadAnswer, UploadedPiece } from "./types";

const ACTIONS_PER_PAGE = 200;

const inProject = (projectId: number) => ({ path: { project_id: projectId } });

export function labelServer(projectId: number): LabelServer {
  const params = inProject(projectId);
  return {
    async readLabels() {
      const { buffer, headers } = await fetchBytes(`/api/v1/projects/${projectId}/labels`);
      return { classIds: new Int32Array(buffer), sequence: Number(headers.get("X-Label-Sequence")) };
    },
    async readActions(after) {
      const page = await unwrap(
        api.GET("/api/v1/projects/{project_id}/label-actions", {
          params: { ...params, query: { after, limit: ACTIONS_PER_PAGE } },
        }),
      );
      return { actions: page.items, isAll: page.next === null };
    },
    send: (entry) => sendEntry(projectId, entry),
  };
}

function sendEntry(projectId: number, { id, kind, body }: OutboxEntry): Promise<LabelAction> {
  const params = inProject(projectId);
  const identity = { client_action_id: id };
  if (kind === "undo")
    return unwrap(api.POST("/api/v1/projects/{project_id}/undo", { params, body: identity }));
  if (kind === "redo")
    return unwrap(api.POST("/api/v1/projects/{project_id}/redo", { params, body: identity }));
  if (!body) throw new Error(`Outbox entry ${id} of kind ${kind} has no body`);
  return unwrap(
    api.POST("/api/v1/projects/{project_id}/label-actions", { params, body: { ...body, ...identity } }),
  );
}

export function mapFetchers(projectId: number): MapFetchers {
  return {
    manifest: () => unwrap(api.GET("/api/v1/projects/{project_id}/map", { params: inProject(projectId) })),
    bytes: async (url) => (await fetchBytes(url)).buffer,
  };
}

/** 64 px cells in the order asked for. */
export function cellFetcher(projectId: number) {
  return async (indexes: number[], signal: AbortSignal): Promise<ArrayBuffer> => {
    const url = `/api/v1/projects/${projectId}/cells/64?indexes=${indexes.join(",")}`;
    return (await fetchBytes(url, signal)).buffer;
  };
}

/** A picture as a square of 256 px, for what the map draws large. */
export function pictureFetcher(projectId: number) {
  return async (index: number, signal: AbortSignal): Promise<ImageBitmap> => {
    const { buffer } = await fetchBytes(`/api/v1/projects/${projectId}/images/${index}/thumbnail`, signal);
    const options = { resizeWidth: 256, resizeHeight: 256, resizeQuality: "high" } as const;
    return createImageBitmap(new Blob([buffer]), options);
  };
}

export function uploadServer(projectId: number): UploadServer {
  const base = `/api/v1/projects/${projectId}/imports`;
  return {
    create: ({
      name,
      classesFromFolders = false,
      isManifest = false,
      folder = "",
      bucket = "",
      prefix = "",
    }) =>
      unwrap(
        api.POST("/api/v1/projects/{project_id}/imports", {
          params: inProject(projectId),
          body: {
            name,
            classes_from_folders: classesFromFolders,
            is_manifest: isManifest,
            folder,
            bucket,
            prefix,
          },
        }),
      ),
    arrived: (importId) =>
      allItems((query) =>
        unwrap(
          api.GET("/api/v1/projects/{project_id}/imports/{import_id}/files", {
            params: { ...inImport(projectId, importId), query },
          }),
        ),
      ),
    send: (importId, files, signal) =>
      postForm<UploadAnswer>(`${base}/${importId}/files`, formOf(files), signal),
    received: async (importId, { uploadId, picked }) => {
      const { received } = await unwrap(
        api.GET("/api/v1/projects/{project_id}/imports/{import_id}/chunks/{upload_id}", {
          params: {
            path: { ...inImport(projectId, importId).path, upload_id: uploadId },
            query: { total: picked.file.size },
          },
        }),
      );
      return received;
    },
    sendPiece: async (importId, { uploadId, picked, offset }, piece, signal) => {
      const query = new URLSearchParams({
        path: picked.path,
        offset: String(offset),
        total: String(picked.file.size),
      });
      const form = new FormData();
      form.append("data", piece, "piece");
      const url = `${base}/${importId}/chunks/${uploadId}?${query}`;
      return (await postForm<UploadedPiece>(url, form, signal)).received;
    },
    start: async (importId) => {
      const params = inImport(projectId, importId);
      try {
        return await unwrap(api.POST("/api/v1/projects/{project_id}/imports/{import_id}/start", { params }));
      } catch (error) {
        if (!(error instanceof ApiError) || error.code !== "import_started") throw error;
        // The answer to an earlier request was lost, or somebody else started it: its job is what matters.
        const source = await unwrap(api.GET("/api/v1/projects/{project_id}/imports/{import_id}", { params }));
        if (source.job_id === null || source.job_id === undefined) throw error;
        return { id: source.job_id };
      }
    },
  };
}

const inImport = (projectId: number, importId: number) => ({
  path: { project_id: projectId, import_id: importId },
});

/** Browsers and servers strip folders from file names, so the paths travel beside the files, in the same order. */
function formOf(files: readonly SmallFile[]): FormData {
  const form = new FormData();
  for (const { path, file, uploadId } of files) {
    form.append("files", file, file.name);
    form.append("paths", path);
    form.append("upload_ids", uploadId);
  }
  return form;
}
