/* pfa-zvt-message.c - the ZVT messages that a status read sends and meets
 *
 * Status enquiry: 05 01 05 | password (3, BCD) | 03 04
 * Its completion: 06 0F n  | [Fx Fy Fz software] | status | [06 container]   (PA00P015 2.56)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-zvt-message.h"

#include <string.h>

#include "pfa-zvt-data.h"

#define PASSWORD_BYTES         3
#define SOFTWARE_LENGTH_DIGITS 3
#define SERVICE_BYTE           0x03
#define SERVICE_FURTHER_STATUS 0x04
#define FUNCTION_NOT_POSSIBLE  0x83

static const guint8 line_diagnosis[] = { PFA_BMP_TLV, 0x03, 0x1b, 0x01, 0x01 };

gboolean
pfa_zvt_append_enquiry (GByteArray *out, PfaZvtEnquiryForm form, const char *password)
{
  guint8 data[PASSWORD_BYTES + 2] = { 0 };
  gsize length = PASSWORD_BYTES;

  if (form == PFA_ZVT_ENQUIRY_BARE)
    length = 0;
  else if (strlen (password) != PFA_ZVT_PASSWORD_DIGITS)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    {
      int high = g_ascii_digit_value (password[2 * i]);
      int low = g_ascii_digit_value (password[2 * i + 1]);

      if (high < 0 || low < 0)
        return FALSE;
      data[i] = (guint8) (high << 4 | low);
    }
  if (form == PFA_ZVT_ENQUIRY_FULL)
    {
      data[length++] = SERVICE_BYTE;
      data[length++] = SERVICE_FURTHER_STATUS;
    }
  pfa_zvt_apdu_append (out, PFA_ZVT_STATUS_ENQUIRY, (PfaSpan){ data, length });
  return TRUE;
}

void
pfa_zvt_append_line_diagnosis (GByteArray *out)
{
  pfa_zvt_apdu_append (out, PFA_ZVT_DIAGNOSIS, (PfaSpan){ line_diagnosis, sizeof line_diagnosis });
}

void
pfa_zvt_append_acknowledgement (GByteArray *out)
{
  pfa_zvt_apdu_append (out, PFA_ZVT_POSITIVE, (PfaSpan){ NULL, 0 });
}

void
pfa_zvt_append_not_understood (GByteArray *out)
{
  pfa_zvt_apdu_append (out,
                       PFA_ZVT_NEGATIVE_CLASS << 8 | FUNCTION_NOT_POSSIBLE,
                       (PfaSpan){ NULL, 0 });
}

static gboolean
is_enquiry (PfaSpan data)
{
  if (data.length == PASSWORD_BYTES + 2)
    return data.data[PASSWORD_BYTES] == SERVICE_BYTE &&
           data.data[PASSWORD_BYTES + 1] == SERVICE_FURTHER_STATUS;
  return data.length == 0 || data.length == PASSWORD_BYTES;
}

gboolean
pfa_zvt_is_harmless (PfaSpan bytes)
{
  PfaZvtApdu apdu;

  if (pfa_zvt_apdu_parse_whole (bytes, &apdu) != PFA_PARSE_COMPLETE)
    return FALSE;
  switch (apdu.command)
    {
    case PFA_ZVT_STATUS_ENQUIRY:
      return is_enquiry (apdu.data);
    case PFA_ZVT_DIAGNOSIS:
      return apdu.data.length == sizeof line_diagnosis &&
             memcmp (apdu.data.data, line_diagnosis, sizeof line_diagnosis) == 0;
    case PFA_ZVT_POSITIVE:
    case PFA_ZVT_NEGATIVE_CLASS << 8 | FUNCTION_NOT_POSSIBLE:
      return apdu.data.length == 0;
    default:
      return FALSE;
    }
}

/* The software's length digits, unless they are a status byte F0 and what follows it. */
static gboolean
take_software (PfaSpan *rest, PfaSpan *software)
{
  gsize length = 0;

  if (pfa_zvt_var_length (*rest, SOFTWARE_LENGTH_DIGITS, &length) != PFA_PARSE_COMPLETE)
    return FALSE;
  if (rest->length - SOFTWARE_LENGTH_DIGITS < length)
    return FALSE;
  *software = (PfaSpan){ rest->data + SOFTWARE_LENGTH_DIGITS, length };
  rest->data += SOFTWARE_LENGTH_DIGITS + length;
  rest->length -= SOFTWARE_LENGTH_DIGITS + length;
  return TRUE;
}

void
pfa_zvt_parse_enquiry_answer (PfaSpan data, PfaZvtEnquiryAnswer *answer)
{
  PfaSpan rest = data;
  PfaSpan value;
  guint8 tag;

  memset (answer, 0, sizeof *answer);
  take_software (&rest, &answer->software);
  if (rest.length == 0)
    return;
  answer->has_status = TRUE;
  answer->status = rest.data[0];
  rest.data++;
  rest.length--;
  while (rest.length > 0)
    {
      if (pfa_bmp_next (&rest, &tag, &value) != PFA_PARSE_COMPLETE)
        {
          answer->damaged = TRUE;
          return;
        }
      if (tag == PFA_BMP_TLV)
        answer->container = value;
    }
}

static void
parse_device (PfaSpan device, PfaZvtFurtherStatus *status)
{
  PfaSpan value;

  pfa_tlv_find (device, 0x1f40, &status->name);
  pfa_tlv_find (device, 0x1f41, &status->software);
  pfa_tlv_find (device, 0x1f42, &status->serial);
  if (pfa_tlv_find (device, 0x1f43, &value) && value.length == 1)
    status->device_state = value.data[0];
}

void
pfa_zvt_parse_further_status (PfaSpan container, PfaZvtFurtherStatus *status)
{
  PfaSpan value;
  PfaParse parse;
  guint32 tag;

  memset (status, 0, sizeof *status);
  status->device_state = -1;
  while ((parse = pfa_tlv_next (&container, &tag, &value)) == PFA_PARSE_COMPLETE)
    switch (tag)
      {
      case 0x1f44:
        status->terminal_id = value;
        break;
      case 0x1f55:
        status->has_locks = value.length == 2;
        if (status->has_locks)
          status->locks = (guint16) (value.data[0] << 8 | value.data[1]);
        break;
      case 0xe4:
        parse_device (value, status);
        break;
      case 0x34:
        pfa_tlv_find (value, 0x1f0e, &status->date);
        pfa_tlv_find (value, 0x1f0f, &status->time);
        break;
      default:
        break;
      }
  status->damaged = parse == PFA_PARSE_INVALID;
}

static void
parse_result_container (PfaSpan container, PfaZvtResult *result)
{
  PfaSpan value;

  if (pfa_tlv_find (container, 0x1f16, &value) && value.length == 1)
    result->error_code = value.data[0];
  if (result->text.length == 0)
    pfa_tlv_find (container, 0x1f17, &result->text);
}

static void
parse_bmps (PfaSpan rest, PfaZvtResult *result)
{
  PfaSpan value;
  PfaParse parse;
  guint8 tag;

  while ((parse = pfa_bmp_next (&rest, &tag, &value)) == PFA_PARSE_COMPLETE)
    switch (tag)
      {
      case PFA_BMP_RESULT:
        result->result = value.data[0];
        break;
      case PFA_BMP_HOST_RESULT:
        result->host_result = value.data[0];
        break;
      case PFA_BMP_TERMINAL_ID:
        result->terminal_id = value;
        break;
      case PFA_BMP_ADDITIONAL_TEXT:
        result->text = value;
        break;
      case PFA_BMP_TLV:
        parse_result_container (value, result);
        break;
      default:
        /* Card numbers (22, 23, 24, 2E) and amounts are passed over and never kept. */
        break;
      }
  result->damaged = parse == PFA_PARSE_INVALID;
}

static void
clear_result (PfaZvtResult *result)
{
  memset (result, 0, sizeof *result);
  result->result = -1;
  result->host_result = -1;
  result->error_code = -1;
}

void
pfa_zvt_parse_result (PfaSpan data, PfaZvtResult *result)
{
  clear_result (result);
  parse_bmps (data, result);
}

void
pfa_zvt_parse_abort (PfaSpan data, PfaZvtResult *result)
{
  clear_result (result);
  if (data.length == 0)
    {
      result->damaged = TRUE;
      return;
    }
  result->result = data.data[0];
  /* With 6F two bytes of currency follow without a tag. */
  if (data.data[0] == 0x6f && data.length >= 3 && data.data[1] != PFA_BMP_TLV)
    parse_bmps ((PfaSpan){ data.data + 3, data.length - 3 }, result);
  else
    parse_bmps ((PfaSpan){ data.data + 1, data.length - 1 }, result);
}

gboolean
pfa_zvt_parse_intermediate (PfaSpan data, guint8 *status, guint *minutes)
{
  *minutes = 0;
  if (data.length == 0)
    return FALSE;
  *status = data.data[0];
  if (data.length > 1 && (data.data[1] >> 4) <= 9 && (data.data[1] & 0x0f) <= 9)
    *minutes = (guint) (data.data[1] >> 4) * 10 + (data.data[1] & 0x0f);
  return TRUE;
}
