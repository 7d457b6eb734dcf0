"""Writes that concern one class: making it, its name, colour and key, archiving."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from labeler.annotations import selectors
from labeler.annotations.models import MAX_NAME_CHARS, LabelClass
from labeler.datasets.services import lock_project
from labeler.errors import Conflict, InvalidInput
from labeler.jobs import events
from labeler.jobs.schemas import ClassesChanged
from labeler.lib.colours import distance

# The browser application reads this file too.
_DEFAULTS = json.loads(Path(__file__).with_name("class_defaults.json").read_text())
# In order of use: the first eight stay apart for dichromats too, as drawn on dark and light ground.
PALETTE: tuple[str, ...] = tuple(_DEFAULTS["colours"])
HOTKEYS: str = _DEFAULTS["hotkeys"]  # digits, then letters that no action of the Label screen has
MIN_DISTANCE = 4.5  # of `colours.distance`; that of the closest two of the palette


@transaction.atomic
def create_class(
    *, project_id: int, name: str, colour: str | None = None, hotkey: str | None = None
) -> LabelClass:
    """Add a class. Colour and hotkey are chosen when left out.

    Raises:
        InvalidInput: the name is empty or too long, or the hotkey is one of the Label screen.
        Conflict: the name or the hotkey is taken.
    """
    lock_project(project_id)  # two requests at once must not give one name or key twice
    classes = list(LabelClass.objects.filter(project_id=project_id))
    _check_class(classes, name=name, hotkey=hotkey)
    used = {other.hotkey for other in classes if other.archived_at is None}
    label_class = LabelClass.objects.create(
        project_id=project_id,
        name=name,
        colour=colour or _next_colour([other.colour for other in classes]),
        hotkey=next((key for key in HOTKEYS if key not in used), "") if hotkey is None else hotkey,
        position=len(classes),
    )
    events.publish(project_id, ClassesChanged())
    return label_class


@transaction.atomic
def get_or_create_class(*, project_id: int, name: str) -> LabelClass:
    """The class of that name in any case, made when there is none; an archived one comes back."""
    lock_project(project_id)
    classes = LabelClass.objects.filter(project_id=project_id)
    found = next((known for known in classes if known.name.casefold() == name.casefold()), None)
    if found is None:
        return create_class(project_id=project_id, name=name)
    if found.archived_at is not None:
        return update_class(project_id=project_id, class_id=found.id, changes={"is_archived": False})
    return found


@transaction.atomic
def update_class(*, project_id: int, class_id: int, changes: dict[str, Any]) -> LabelClass:
    """Rename, recolour, move, give a key, archive or bring back. Labels of an archived class stay."""
    lock_project(project_id)
    label_class = selectors.get_class(project_id=project_id, class_id=class_id)
    others = list(LabelClass.objects.filter(project_id=project_id).exclude(id=class_id))
    changes = dict(changes)
    is_archived = changes.pop("is_archived", None)
    if is_archived is not None:
        changes["archived_at"] = timezone.now() if is_archived else None
        changes["merged_into"] = None
    comes_back = is_archived is False and label_class.archived_at is not None
    if comes_back and "hotkey" not in changes and _is_taken(others, label_class.hotkey):
        changes["hotkey"] = ""
    _check_class(others, name=changes.get("name"), hotkey=changes.get("hotkey"))
    for key, value in changes.items():
        setattr(label_class, key, value)
    if changes:
        label_class.save(update_fields=list(changes))
    events.publish(project_id, ClassesChanged())
    return label_class


def _next_colour(used: list[str]) -> str:
    """The first of the palette that nobody takes for one in use; the least used when there is none."""
    counts = Counter(colour.lower() for colour in used)
    for colour in PALETTE:
        if colour not in counts and all(distance(colour, other) >= MIN_DISTANCE for other in counts):
            return colour
    return min(PALETTE, key=lambda colour: counts[colour])


def _check_class(others: list[LabelClass], *, name: str | None, hotkey: str | None) -> None:
    if name is not None and not 1 <= len(name) <= MAX_NAME_CHARS:
        raise InvalidInput(f"A class name of {len(name)} characters; 1 to {MAX_NAME_CHARS} are allowed")
    if name is not None and any(other.name.casefold() == name.casefold() for other in others):
        raise Conflict(f"There is a class named {name!r} already", code="class_name_taken")
    if hotkey and hotkey not in HOTKEYS:
        raise InvalidInput(f"The key {hotkey!r} is one of the Label screen; classes have one of {HOTKEYS}")
    if _is_taken(others, hotkey):
        raise Conflict(f"The key {hotkey!r} belongs to another class", code="hotkey_taken")


def _is_taken(others: list[LabelClass], hotkey: str | None) -> bool:
    return bool(hotkey) and any(other.hotkey == hotkey and other.archived_at is None for other in others)
