import { Button, Group, Loader, Stack, Text, TextInput } from "@mantine/core";
import { IconFolder, IconPhoto } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { ImportInLimits } from "../../api/limits.gen";
import { hasFolders, importName, isArchive, type PickedFile, pickedFromInput } from "../../lib/files";
import { formatBytes, formatCount, formatPlural } from "../../lib/format";
import type { UploadRequest } from "../../state/upload";
import { ClassesFromFolders } from "./classes-from-folders";
import classes from "./import-form.module.css";
import type { usePendingFiles } from "./pending-files";

export interface ImportFormProps {
  pending: ReturnType<typeof usePendingFiles>;
  onStart: (request: UploadRequest) => void;
}

/** `webkitdirectory` has no property in React's types; it is set as an attribute. */
const FOLDER_INPUT = { webkitdirectory: "" };

export function ImportForm({ pending, onStart }: ImportFormProps) {
  const { files, isReading, resumes, add, clear } = pending;
  const [name, setName] = useState("");
  const [classesFromFolders, setClassesFromFolders] = useState(false);
  const filesInput = useRef<HTMLInputElement>(null);
  const folderInput = useRef<HTMLInputElement>(null);
  const pick = (list: FileList | null) => list && void add(Promise.resolve(pickedFromInput(list)));
  const mayHaveFolders = hasFolders(files) || files.some(({ path }) => isArchive(path));

  return (
    <Stack gap="md">
      <div className={classes.drop}>
        <Text size="sm" c="dimmed">
          Drop images, folders, a zip or a tar here or anywhere on the page, or
        </Text>
        <Group gap="xs">
          <Button
            variant="default"
            leftSection={<IconPhoto size={15} />}
            onClick={() => filesInput.current?.click()}
          >
            Choose files
          </Button>
          <Button
            variant="default"
            leftSection={<IconFolder size={15} />}
            onClick={() => folderInput.current?.click()}
          >
            Choose a folder
          </Button>
        </Group>
        <input
          ref={filesInput}
          type="file"
          multiple
          hidden
          accept="image/*,.zip,.tar,.tgz,.gz,.bz2,.xz"
          aria-label="Files to import"
          onChange={(event) => pick(event.currentTarget.files)}
          data-testid="import-files"
        />
        <input
          ref={folderInput}
          type="file"
          multiple
          hidden
          aria-label="Folder to import"
          onChange={(event) => pick(event.currentTarget.files)}
          data-testid="import-folder"
          {...FOLDER_INPUT}
        />
      </div>
      {isReading && <Loader size="xs" color="gray" aria-label="Reading folders" />}
      {files.length > 0 && (
        <>
          <FileList files={files} onClear={clear} />
          {!resumes && (
            <TextInput
              label="Name of this import"
              size="sm"
              placeholder={importName(files)}
              value={name}
              maxLength={ImportInLimits.name.maxLength}
              onChange={(event) => setName(event.currentTarget.value)}
            />
          )}
          {!resumes && mayHaveFolders && (
            <ClassesFromFolders checked={classesFromFolders} onChange={setClassesFromFolders} />
          )}
          <Group justify="flex-end">
            <Button
              size="sm"
              onClick={() =>
                onStart(
                  resumes
                    ? { name: resumes.name, files, resumes: resumes.id }
                    : { name: name.trim() || importName(files), files, classesFromFolders },
                )
              }
              data-testid="import-start"
            >
              {resumes ? "Send what is missing" : `Import ${formatPlural(files.length, "file")}`}
            </Button>
          </Group>
        </>
      )}
    </Stack>
  );
}

const MAX_LISTED = 4;

function FileList({ files, onClear }: { files: readonly PickedFile[]; onClear: () => void }) {
  const bytes = files.reduce((sum, { file }) => sum + file.size, 0);
  return (
    <div className={classes.files}>
      <Group justify="space-between">
        <Text size="sm" fw={500} className="num">
          {formatPlural(files.length, "file")} · {formatBytes(bytes)}
        </Text>
        <Button variant="subtle" color="gray" size="compact-xs" onClick={onClear}>
          Clear
        </Button>
      </Group>
      {files.slice(0, MAX_LISTED).map(({ path }) => (
        <div key={path} className="truncate">
          {path}
        </div>
      ))}
      {files.length > MAX_LISTED && <div>and {formatCount(files.length - MAX_LISTED)} more</div>}
    </div>
  );
}
