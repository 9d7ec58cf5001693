"""What the tables' columns share."""

from sqlalchemy import BigInteger, Integer

GUID_LENGTH = 128
CRM_ID_LENGTH = 128
VIEWER_LENGTH = 320

Id = BigInteger().with_variant(Integer(), "sqlite")
