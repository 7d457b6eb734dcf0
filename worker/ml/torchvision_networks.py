"""The networks of torchvision, cut before their pooling.

Imported when one of them is asked for: torchvision loads torch's compiler, which is 150 MB of memory and one to two
seconds of a processor that a worker with the bundled network does without.
"""

from collections import OrderedDict
from collections.abc import Callable

import torchvision
from torch import nn

from worker.ml.errors import WeightsUnavailable


def make_network(name: str) -> nn.Module:
    """A network without weights; `name` is a key of `backbones.BACKBONES` that torchvision knows too."""
    network: nn.Module = getattr(torchvision.models, name)(weights=None)
    return network


def trunk_of(network: nn.Module) -> nn.Sequential:
    """The part before pooling, under the original parameter names: (n, 3, S, S) to maps (n, C, h, w) >= 0."""
    cut: Callable[[nn.Module], OrderedDict[str, nn.Module]] = {
        torchvision.models.ResNet: _resnet_parts,
        torchvision.models.ConvNeXt: _convnext_parts,
    }.get(type(network), _features_and_relu)
    return nn.Sequential(cut(network))


def published_url(name: str, file_name: str) -> str:
    """Where torchvision publishes a file of weights of a network.

    Raises:
        WeightsUnavailable: the table of the torchvision that is installed has no such file for that network.
    """
    for weights in torchvision.models.get_model_weights(name):
        url = str(weights.url)
        if url.rsplit("/", 1)[1] == file_name:
            return url
    raise WeightsUnavailable(f"torchvision {torchvision.__version__} publishes no {file_name} for {name}")


def _resnet_parts(network: nn.Module) -> "OrderedDict[str, nn.Module]":
    return OrderedDict((key, part) for key, part in network.named_children() if key not in ("avgpool", "fc"))


def _features_and_relu(network: nn.Module) -> "OrderedDict[str, nn.Module]":
    # A second ReLU changes nothing where the features already end in one.
    return OrderedDict(features=network.get_submodule("features"), last_relu=nn.ReLU())


def _convnext_parts(network: nn.Module) -> "OrderedDict[str, nn.Module]":
    norm = nn.Sequential(OrderedDict([("0", network.get_submodule("classifier.0"))]))
    return OrderedDict(features=network.get_submodule("features"), classifier=norm, last_relu=nn.ReLU())
