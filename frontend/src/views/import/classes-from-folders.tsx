import { Checkbox } from "@mantine/core";

export interface ClassesFromFoldersProps {
  checked: boolean;
  onChange: (checked: boolean) => void;
}

export function ClassesFromFolders({ checked, onChange }: ClassesFromFoldersProps) {
  return (
    <Checkbox
      size="sm"
      label="Folder names are classes"
      description="Images in a folder cat get the label cat; classes that do not exist are made."
      checked={checked}
      onChange={(event) => onChange(event.currentTarget.checked)}
      data-testid="classes-from-folders"
    />
  );
}
