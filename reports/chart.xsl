<?xml version="1.0" encoding="UTF-8"?>
<!-- Charts as inline SVG, for the template "figures" of a report's page.  Nothing but attributes, so that the
     policy of a page need not allow more than its own style.  A chart says in words what it shows. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">

	<!-- A bar for each row: its label, as long as its value, with the value behind it. -->
	<xsl:template name="bars">
		<xsl:param name="rows"/>
		<xsl:param name="label"/>
		<xsl:param name="value"/>
		<xsl:param name="title"/>
		<xsl:variable name="most">
			<xsl:for-each select="$rows/*[local-name() = $value]">
				<xsl:sort select="." data-type="number" order="descending"/>
				<xsl:if test="position() = 1"><xsl:value-of select="."/></xsl:if>
			</xsl:for-each>
		</xsl:variable>
		<xsl:if test="$most &gt; 0">
			<figure><figcaption><xsl:value-of select="$title"/></figcaption>
			<svg xmlns="http://www.w3.org/2000/svg" width="100%" viewBox="0 0 700 {20 * count($rows) + 4}" role="img" font-size="12">
				<title><xsl:value-of select="$title"/></title>
				<xsl:for-each select="$rows">
					<xsl:variable name="size" select="number(concat('0', *[local-name() = $value]))"/>
					<text x="215" y="{20 * position() - 4}" text-anchor="end"><xsl:value-of select="*[local-name() = $label]"/></text>
					<rect x="220" y="{20 * position() - 16}" width="{round(400 * $size div $most)}" height="15" fill="#446"/>
					<text x="{226 + round(400 * $size div $most)}" y="{20 * position() - 4}">
						<xsl:value-of select="*[local-name() = $value]"/>
					</text>
				</xsl:for-each>
			</svg></figure>
		</xsl:if>
	</xsl:template>

	<!-- A point for each row, from 0 to 100 %, and a line at a percentage. -->
	<xsl:template name="percentages">
		<xsl:param name="rows"/>
		<xsl:param name="label"/>
		<xsl:param name="value"/>
		<xsl:param name="line"/>
		<xsl:param name="title"/>
		<xsl:variable name="step" select="640 div (count($rows) + 1)"/>
		<figure><figcaption><xsl:value-of select="$title"/></figcaption>
		<svg xmlns="http://www.w3.org/2000/svg" width="100%" viewBox="0 0 700 240" role="img" font-size="11">
			<title><xsl:value-of select="$title"/></title>
			<path d="M40 210H690M40 10V210" stroke="#000" fill="none"/>
			<text x="35" y="14" text-anchor="end">100 %</text>
			<text x="35" y="214" text-anchor="end">0 %</text>
			<path d="M40 {210 - 2 * $line}H690" stroke="#a00" stroke-dasharray="6 3" fill="none"/>
			<text x="35" y="{214 - 2 * $line}" text-anchor="end" fill="#a00"><xsl:value-of select="concat($line, ' %')"/></text>
			<polyline fill="none" stroke="#446" stroke-width="2">
				<xsl:attribute name="points">
					<xsl:for-each select="$rows">
						<xsl:if test="*[local-name() = $value] != ''">
							<xsl:value-of select="concat(40 + round($step * position()), ',', 210 - round(2 * *[local-name() = $value]), ' ')"/>
						</xsl:if>
					</xsl:for-each>
				</xsl:attribute>
			</polyline>
			<text x="{40 + round($step)}" y="228"><xsl:value-of select="$rows[1]/*[local-name() = $label]"/></text>
			<text x="690" y="228" text-anchor="end"><xsl:value-of select="$rows[last()]/*[local-name() = $label]"/></text>
		</svg></figure>
	</xsl:template>
</xsl:stylesheet>
