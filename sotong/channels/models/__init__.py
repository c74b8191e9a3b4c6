"""Channels, arrivals, deliveries, holds."""

from sotong.channels.models.arrivals import Arrival
from sotong.channels.models.channels import Channel, Check, Connecting
from sotong.channels.models.deliveries import Attempt, Delivery, DeliveryMedia, Hold, Removal

__all__ = ["Arrival", "Attempt", "Channel", "Check", "Connecting", "Delivery", "DeliveryMedia", "Hold", "Removal"]
