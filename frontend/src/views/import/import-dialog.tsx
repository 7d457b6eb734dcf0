import { Button, Group, Modal, Tabs } from "@mantine/core";
import {
  IconBucket,
  IconDeviceLaptop,
  IconLink,
  IconServer2,
  IconTags,
  type TablerIcon,
} from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useRef } from "react";
import { useStore } from "zustand";
import { uploadServer } from "../../api/project-server";
import { keys } from "../../api/queries";
import { resetUpload, startImport, type UploadRequest, upload } from "../../state/upload";
import { useProject } from "../label/project-context";
import { BucketForm } from "./bucket-form";
import { ImportForm } from "./import-form";
import { ImportProgress } from "./import-progress";
import { ImportResult } from "./import-result";
import { LabelFileForm } from "./label-file-form";
import { ManifestForm } from "./manifest-form";
import { usePendingFiles } from "./pending-files";
import { ServerFolderForm } from "./server-folder-form";
import { UnfinishedUploads } from "./unfinished-uploads";

/** From any source to a result for each file: what will be imported, how far it is, how every file ended. */
export function ImportDialog() {
  const { session } = useProject();
  const { projectId } = session;
  const isOpen = useStore(session.screen, (screen) => screen.isImportOpen);
  const { phase, jobId, importId } = useStore(session.upload);
  const job = useStore(session.jobs, (state) => state.jobs.find((entry) => entry.id === jobId));
  const pending = usePendingFiles(session);
  const queryClient = useQueryClient();
  const abort = useRef<AbortController | null>(null);
  const last = useRef<UploadRequest | null>(null);

  const server = uploadServer(projectId);
  const refresh = () => void queryClient.invalidateQueries({ queryKey: keys.imports(projectId) });
  const send = (request: UploadRequest) => {
    abort.current = new AbortController();
    last.current = request;
    void upload(session.upload, server, request, abort.current.signal).then(refresh);
  };
  const reset = () => {
    resetUpload(session.upload);
    pending.clear();
    last.current = null;
  };
  const close = () => {
    session.screen.setState({ isImportOpen: false });
    if (phase === "started") reset();
  };
  const goOn = () => {
    const resumes = session.upload.getState().importId;
    if (last.current) send(resumes === null ? last.current : { ...last.current, resumes });
  };
  const start = (request: Parameters<typeof startImport>[2]) =>
    void startImport(session.upload, server, request).then(refresh);

  return (
    <Modal opened={isOpen} onClose={close} title="Import" size={720} data-testid="import-dialog">
      {phase === "idle" || phase === "reading" ? (
        <Sources
          forms={{
            computer: (
              <>
                <UnfinishedUploads pending={pending} onStart={start} />
                <ImportForm pending={pending} onStart={send} />
              </>
            ),
            folder: <ServerFolderForm projectId={projectId} onStart={start} />,
            addresses: <ManifestForm projectId={projectId} onStart={send} />,
            bucket: <BucketForm projectId={projectId} onStart={start} />,
            labels: <LabelFileForm projectId={projectId} />,
          }}
        />
      ) : (
        <ImportProgress
          onCancel={() => abort.current?.abort()}
          onClose={close}
          onRetry={last.current ? goOn : null}
          onReset={reset}
        />
      )}
      {phase === "started" && isFinished(job) && importId !== null && (
        <>
          <ImportResult projectId={projectId} importId={importId} />
          <Group justify="flex-end" mt="sm">
            <Button variant="default" onClick={reset} data-testid="import-more">
              Import more
            </Button>
            <Button onClick={close}>Watch the map</Button>
          </Group>
        </>
      )}
    </Modal>
  );
}

function isFinished(job: { finished_at?: string | null } | undefined): boolean {
  return job === undefined || (job.finished_at ?? null) !== null;
}

const SOURCES: readonly [id: keyof Forms, title: string, icon: TablerIcon][] = [
  ["computer", "This computer", IconDeviceLaptop],
  ["folder", "Server folder", IconServer2],
  ["addresses", "Web addresses", IconLink],
  ["bucket", "Bucket", IconBucket],
  ["labels", "Labels", IconTags],
];

interface Forms {
  computer: ReactNode;
  folder: ReactNode;
  addresses: ReactNode;
  bucket: ReactNode;
  labels: ReactNode;
}

function Sources({ forms }: { forms: Forms }) {
  return (
    <Tabs defaultValue="computer" keepMounted={false}>
      <Tabs.List mb="md" aria-label="Where images or labels come from">
        {SOURCES.map(([id, title, Icon]) => (
          <Tabs.Tab
            key={id}
            value={id}
            leftSection={<Icon size={15} stroke={1.6} />}
            data-testid={`import-from-${id}`}
          >
            {title}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {SOURCES.map(([id]) => (
        <Tabs.Panel key={id} value={id}>
          {forms[id]}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
