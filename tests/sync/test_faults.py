"""Whatever goes wrong with Marketo, no activity is lost and none is doubled."""

import pytest

from tests.sync.faults import FAULTS, Outcome, strike


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_no_fault_loses_or_doubles_an_activity(fault, instance, sync):
    assert strike(fault, instance, sync) == Outcome(fault, fault.rounds, lost=0, doubled=0, miscounted=0)
