"""The kinds of values that consist of others: objects, arrays and unions."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from .kinds import Instants, Kind, to_json
from .reader import Reader

if TYPE_CHECKING:
    from .models import Model, RequestModel

    AnyModel = Model | RequestModel


class Entity(Kind):
    """An object that has a model.

    Args:
        model: returns the class; a function, as models may contain each other.
    """

    def __init__(self, model: Callable[[], "type[AnyModel]"]) -> None:
        self._model = model

    @property
    def model(self) -> "type[AnyModel]":
        """The class."""
        return self._model()

    def read(self, value: Any, reader: Reader, element: str) -> "AnyModel | None":
        """The model."""
        return self.model.read(value, reader, element)

    def write(self, value: Any, instants: Instants) -> Any:
        """The object."""
        return value.to_dict(instants)


class Variants(Kind):
    """An object whose model depends on another member of its holder; a `dict` where no model is known.

    Args:
        chooser: the name of the other member.
        models: returns the classes by the value of that member.
    """

    def __init__(self, chooser: str, models: Callable[[], "Mapping[str, type[AnyModel]]"]) -> None:
        self._chooser = chooser
        self._models = models

    def read(self, value: Any, reader: Reader, element: str) -> Any:
        """The model, or the object itself."""
        if type(value) is not dict:
            reader.expect(element, "an object", value)
            return None
        chosen = reader.holder.get(self._chooser)
        model = self._models().get(chosen) if type(chosen) is str else None
        return value if model is None else model.read(value, reader, element) or value

    def write(self, value: Any, instants: Instants) -> Any:
        """The object."""
        return value if isinstance(value, dict) else value.to_dict(instants)


class List(Kind):
    """An array. The values of an object are read, too, in their order, and deviate.

    Args:
        item: the kind of its entries.
        nulls: whether an entry may be null.
    """

    def __init__(self, item: Kind, *, nulls: bool = False) -> None:
        self._item = item
        self._nulls = nulls

    def read(self, value: Any, reader: Reader, element: str) -> list[Any] | None:
        """The readable entries; any other makes the reader incomplete."""
        if type(value) is dict:
            reader.expect(element, "an array", value)
            value = list(value.values())
        elif type(value) is not list:
            reader.expect(element, "an array", value)
            return None
        read, exact, place = self._item.read, self._item.exact, f"{element}[]"
        items = []
        for each in value:
            item = each if type(each) is exact or each is None else read(each, reader, place)
            if item is not None or (each is None and self._nulls):
                items.append(item)
            else:
                if each is None:
                    reader.expect(place, "a value", each)
                reader.incomplete = reader.latest
        return items

    def write(self, value: list[Any], instants: Instants) -> list[Any]:
        """The array."""
        return [None if item is None else self._item.write(item, instants) for item in value]


class Map(Kind):
    """An object whose members have one kind and names that are its sender's; a `dict`. No names are reported.

    Args:
        value: the kind of its members.
    """

    def __init__(self, value: Kind) -> None:
        self._value = value

    def read(self, value: Any, reader: Reader, element: str) -> dict[str, Any] | None:
        """The members, None where one is null or cannot be read."""
        if type(value) is not dict:
            reader.expect(element, "an object", value)
            return None
        place = f"{element}[]"
        return {name: None if each is None else self._value.read(each, reader, place) for name, each in value.items()}

    def write(self, value: dict[str, Any], instants: Instants) -> dict[str, Any]:
        """The object."""
        return {name: None if each is None else self._value.write(each, instants) for name, each in value.items()}


class Union(Kind):
    """A value of one of several kinds: the first that reads it without a deviation.

    Args:
        kinds: the kinds.
    """

    def __init__(self, *kinds: Kind) -> None:
        self._kinds = kinds

    def read(self, value: Any, reader: Reader, element: str) -> Any:
        """The value, or None if no kind reads it as it should be."""
        for kind in self._kinds:
            attempt = Reader()
            attempt.holder = reader.holder
            found = kind.read(value, attempt, element)
            if found is not None and not attempt.deviations:
                for noticed in attempt.notices:
                    reader.notice(*noticed)
                return found
        reader.expect(element, "one of several kinds", value)
        return None

    def write(self, value: Any, instants: Instants) -> Any:
        """The JSON value, whatever its kind."""
        return to_json(value, instants)


class Discriminated(Kind):
    """An object whose model depends on one of its own members; a `dict` where no model is known.

    Args:
        discriminator: the name of the member.
        models: returns the classes by its value.
    """

    def __init__(self, discriminator: str, models: Callable[[], "Mapping[str, type[AnyModel]]"]) -> None:
        self._discriminator = discriminator
        self._models = models

    def read(self, value: Any, reader: Reader, element: str) -> Any:
        """The model, or the object itself."""
        if type(value) is not dict:
            reader.expect(element, "an object", value)
            return None
        chosen = value.get(self._discriminator)
        model = self._models().get(chosen) if type(chosen) is str else None
        if model is None:
            reader.notice(f"{element}.{self._discriminator}", "a value beyond the known ones")
            return value
        return model.read(value, reader, element)

    def write(self, value: Any, instants: Instants) -> Any:
        """The object."""
        return to_json(value, instants)
