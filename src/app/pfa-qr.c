/* pfa-qr.c - a QR code on the screen
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-qr.h"

#include <qrencode.h>

#define SIZE 200
/* The quiet zone that readers need, in dots. */
#define QUIET 4

struct _PfaQr
{
  GtkWidget parent_instance;
  QRcode *code;
};

G_DEFINE_FINAL_TYPE (PfaQr, pfa_qr, GTK_TYPE_WIDGET)

void
pfa_qr_set_text (PfaQr *self, const char *text, const char *spoken)
{
  g_return_if_fail (PFA_IS_QR (self));

  g_clear_pointer (&self->code, QRcode_free);
  if (text != NULL && *text != '\0')
    self->code = QRcode_encodeString8bit (text, 0, QR_ECLEVEL_M);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  gtk_widget_set_visible (GTK_WIDGET (self), self->code != NULL);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
pfa_qr_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  PfaQr *self = PFA_QR (widget);
  int side = MIN (gtk_widget_get_width (widget), gtk_widget_get_height (widget));
  /* Whole pixels, or the dots would blur. */
  int dot = self->code != NULL ? side / (self->code->width + 2 * QUIET) : 0;
  const GdkRGBA white = { 1, 1, 1, 1 };
  const GdkRGBA black = { 0, 0, 0, 1 };

  if (dot < 1)
    return;
  side = dot * (self->code->width + 2 * QUIET);
  gtk_snapshot_append_color (snapshot,
                             &white,
                             &GRAPHENE_RECT_INIT (0, 0, (float) side, (float) side));
  for (int i = 0; i < self->code->width * self->code->width; i++)
    if ((self->code->data[i] & 1) != 0)
      gtk_snapshot_append_color (
          snapshot,
          &black,
          &GRAPHENE_RECT_INIT ((float) (dot * (QUIET + i % self->code->width)),
                               (float) (dot * (QUIET + i / self->code->width)),
                               (float) dot,
                               (float) dot));
}

static void
pfa_qr_measure (GtkWidget *widget,
                GtkOrientation orientation,
                int for_size,
                int *minimum,
                int *natural,
                int *minimum_baseline,
                int *natural_baseline)
{
  *minimum = *natural = SIZE;
}

static void
pfa_qr_finalize (GObject *object)
{
  g_clear_pointer (&PFA_QR (object)->code, QRcode_free);
  G_OBJECT_CLASS (pfa_qr_parent_class)->finalize (object);
}

static void
pfa_qr_class_init (PfaQrClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = pfa_qr_finalize;
  widget_class->measure = pfa_qr_measure;
  widget_class->snapshot = pfa_qr_snapshot;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
pfa_qr_init (PfaQr *self)
{
  gtk_widget_set_halign (GTK_WIDGET (self), GTK_ALIGN_START);
}
