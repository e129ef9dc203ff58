"""Node-link diagrams of networks: laid out in Python, drawn as SVG, PNG or one page of HTML."""
