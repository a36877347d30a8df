<?xml version="1.0" encoding="UTF-8"?>
<!-- The frame of every printable page: title, style for screen and A4, nothing loaded from elsewhere.
     A page imports this and calls "frame" with its title and content; what is long it gives in the mode "content"
     instead, for a parameter is copied. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
	<xsl:output method="html" encoding="UTF-8" indent="no" doctype-system="about:legacy-compat"/>

	<!-- What a page adds to the style, or sets anew. -->
	<xsl:template name="own-style"/>

	<xsl:template match="*" mode="content"/>

	<xsl:template name="frame">
		<xsl:param name="title"/>
		<xsl:param name="content"/>
		<html lang="en-GB">
			<head>
				<title><xsl:value-of select="$title"/></title>
				<meta name="viewport" content="width=device-width, initial-scale=1"/>
				<style>
					@page { size: A4; margin: 18mm }
					body { font: 11pt/1.4 Georgia, "Times New Roman", serif; color: #000; background: #fff;
						max-width: 174mm; margin: 2em auto; overflow-wrap: anywhere }
					h1 { font-size: 1.4em } h2 { font-size: 1.15em; margin-top: 1.6em } h3 { font-size: 1em }
					h1, h2, h3 { line-height: 1.2; page-break-after: avoid }
					table { border-collapse: collapse; width: 100%; margin: .6em 0 }
					th, td { border: 1px solid #777; padding: .15em .4em; text-align: left; vertical-align: top }
					thead { display: table-header-group } tr { page-break-inside: avoid }
					th { background: #eee } td.number, th.number { text-align: right }
					dl { display: grid; grid-template-columns: max-content auto; gap: .1em 1em }
					dt { font-weight: bold } dd { margin: 0 }
					code { font-family: monospace; font-size: .85em }
					.note { border-left: 3px solid #777; padding-left: .8em }
					.warning { border: 2px solid #000; padding: .4em .8em; font-weight: bold }
					@media print { body { margin: 0; max-width: none } .part { page-break-before: always } }
					<xsl:call-template name="own-style"/>
				</style>
			</head>
			<body><xsl:copy-of select="$content"/><xsl:apply-templates select="." mode="content"/></body>
		</html>
	</xsl:template>
</xsl:stylesheet>
