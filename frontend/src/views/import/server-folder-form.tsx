import { Alert, Button, Group, Loader, Stack, Text, TextInput, UnstyledButton } from "@mantine/core";
import { IconArrowUp, IconFolder } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ImportInLimits } from "../../api/limits.gen";
import { messageOf } from "../../api/problem";
import { importFoldersQuery, importSourcesQuery } from "../../api/queries";
import type { FolderList } from "../../api/types";
import { formatCount, formatPlural } from "../../lib/format";
import type { NewImport } from "../../state/upload";
import { ClassesFromFolders } from "./classes-from-folders";
import { NotAllowedNote } from "./not-allowed-note";
import classes from "./server-folder-form.module.css";

export interface ServerFolderFormProps {
  projectId: number;
  onStart: (request: NewImport) => void;
}

/** A browser of the folders that the operator lets imports read; the chosen one is read in place. */
export function ServerFolderForm({ projectId, onStart }: ServerFolderFormProps) {
  const [path, setPath] = useState("");
  const [classesFromFolders, setClassesFromFolders] = useState(false);
  const sources = useQuery(importSourcesQuery(projectId));
  const folder = useQuery({ ...importFoldersQuery(projectId, path), placeholderData: (before) => before });

  if (sources.error) return <Text c="red">{messageOf(sources.error)}</Text>;
  if (!sources.data) return <Loader color="gray" size="sm" aria-label="Reading what is allowed" />;
  if (sources.data.folders.length === 0)
    return <NotAllowedNote what="Folders of the server" setting="IMPORT_ROOTS" />;
  return (
    <Stack gap="md">
      <PathInput key={path} path={path} onGo={setPath} />
      {folder.error ? (
        <Alert color="red" variant="light" role="alert">
          {messageOf(folder.error)}
        </Alert>
      ) : (
        folder.data && <Folder list={folder.data} onGo={setPath} />
      )}
      <ClassesFromFolders checked={classesFromFolders} onChange={setClassesFromFolders} />
      <Group justify="space-between">
        <Text size="xs" c="dimmed">
          Subfolders and archives are read, too. It can be synced again later.
        </Text>
        <Button
          size="sm"
          disabled={path === "" || folder.isError || folder.isPlaceholderData}
          onClick={() => onStart({ name: path, folder: path, classesFromFolders })}
          data-testid="folder-import-start"
        >
          Import this folder
        </Button>
      </Group>
    </Stack>
  );
}

function PathInput({ path, onGo }: { path: string; onGo: (path: string) => void }) {
  const [typed, setTyped] = useState(path);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onGo(typed.trim());
      }}
    >
      <TextInput
        size="sm"
        label="Folder on the server"
        placeholder="Choose below, or type a path and press Enter"
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        maxLength={ImportInLimits.folder.maxLength}
        data-testid="folder-path"
      />
    </form>
  );
}

function Folder({ list, onGo }: { list: FolderList; onGo: (path: string) => void }) {
  const { parent, folders, num_folders, num_files } = list;
  return (
    <div>
      <div className={classes.list} data-testid="folder-list">
        {typeof parent === "string" && (
          <UnstyledButton className={classes.folder} onClick={() => onGo(parent)}>
            <IconArrowUp size={15} /> Up
          </UnstyledButton>
        )}
        {folders.map(({ name, path }) => (
          <UnstyledButton key={path} className={classes.folder} onClick={() => onGo(path)} title={path}>
            <IconFolder size={15} /> <span className="truncate">{name}</span>
          </UnstyledButton>
        ))}
        {folders.length === 0 && <div className={classes.none}>No folders in here.</div>}
      </div>
      {list.path !== "" && (
        <Text size="xs" c="dimmed" mt={6} className="num">
          {formatPlural(num_files, "file")} here, {formatPlural(num_folders, "folder")}
          {num_folders > folders.length &&
            `; the first ${formatCount(folders.length)} are shown, type a path for others`}
        </Text>
      )}
    </div>
  );
}
