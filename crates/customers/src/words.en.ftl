app-customers = Customers
