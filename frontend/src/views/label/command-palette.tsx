import { Spotlight, type SpotlightActionGroupData } from "@mantine/spotlight";
import { IconSearch } from "@tabler/icons-react";
import { type AppAction, actionsByGroup } from "../../lib/actions";
import { KeyCap } from "./key-cap";

/** Everything that can be done now, found by typing. */
export function CommandPalette({ actions }: { actions: readonly AppAction[] }) {
  const offered = actions.filter((action) => action.isEnabled && action.id !== "project.palette");
  const groups: SpotlightActionGroupData[] = [...actionsByGroup(offered)].map(([group, members]) => ({
    group,
    actions: members.map((action) => ({
      id: action.id,
      label: action.title,
      onClick: action.run,
      rightSection: action.hotkeys[0] ? <KeyCap hotkey={action.hotkeys[0]} /> : undefined,
    })),
  }));
  return (
    <Spotlight
      actions={groups}
      shortcut={null}
      attributes={{ content: { "aria-label": "Command palette" } }}
      nothingFound="Nothing is called that"
      highlightQuery
      scrollable
      maxHeight={420}
      searchProps={{
        leftSection: <IconSearch size={17} />,
        placeholder: "What to do",
        "aria-label": "Command",
      }}
    />
  );
}
