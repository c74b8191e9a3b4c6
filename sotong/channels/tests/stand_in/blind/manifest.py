"""A network that cannot look."""

from dataclasses import replace

from sotong.channels.tests.stand_in.manifest import MANIFEST as SEEING
from sotong.networks.contract import Capability

MANIFEST = replace(SEEING, name="blind", capabilities=SEEING.capabilities - {Capability.FIND})
