"""Fills the shop: two products, and one country to send them to."""

import django

django.setup()

from oscar.core.loading import get_model  # noqa: E402

Country = get_model("address", "Country")
Partner = get_model("partner", "Partner")
Product = get_model("catalogue", "Product")
ProductClass = get_model("catalogue", "ProductClass")
StockRecord = get_model("partner", "StockRecord")

Country.objects.create(
    iso_3166_1_a2="DE", printable_name="Deutschland", name="Deutschland", is_shipping_country=True
)
kind = ProductClass.objects.create(name="Ware", track_stock=False)
partner = Partner.objects.create(name="Lager")
for upc, title, price in [("KANNE-1", 'Kanne, 5" & Deckel', "1000.40"), ("TEE-250", "Tee", "24.50")]:
    product = Product.objects.create(product_class=kind, upc=upc, title=title)
    StockRecord.objects.create(product=product, partner=partner, partner_sku=upc, price_currency="EUR", price=price)
